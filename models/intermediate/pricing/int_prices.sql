{{ config(materialized='table') }}
{# One wide row serves a call with all its meters: one range join instead of one per meter. #}
{% set meters = ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'request', 'web_search'] %}
with cells as (
    select * from {{ ref('int_price_cells') }}
),

book_rates as (
    select
        *,
        {# An embedding call's input is the only thing that it is charged for: its own price stands before that of input. #}
        case when meter = 'embedding_input' then 'input_uncached' else meter end as priced_meter
    from {{ ref('int_book_rates') }}
),

{# The most specific price wins; within it, the largest context bound that the cell lies above, then the shorter hours. #}
candidates as (
    select
        cells.*,
        book_rates.priced_meter,
        book_rates.rate,
        book_rates.currency,
        book_rates.is_free,
        book_rates.contract_id,
        row_number() over (
            partition by
                cells.price_book, cells.provider, cells.model, cells.service_tier, cells.starts_at,
                cells.context_tokens_over, cells.day_second_from, book_rates.priced_meter
            order by
                {{ price_precedence() }}
        ) as choice
    from cells
    inner join book_rates
        on
            cells.price_book = book_rates.price_book
            and cells.provider = book_rates.provider
            and cells.model = book_rates.model
            and cells.service_tier = book_rates.service_tier
            and cells.starts_at >= book_rates.valid_from
            and cells.ends_at <= book_rates.valid_to
            and cells.context_tokens_over >= book_rates.context_tokens_over
            and cells.day_second_from >= book_rates.day_second_from
            and cells.day_second_to <= book_rates.day_second_to
),

chosen as (
    select
        *,
        {# One currency a row: a list price in another currency than the contract's does not fill its holes. #}
        coalesce(
            max(case when contract_id is not null then currency end) over (
                partition by price_book, provider, model, service_tier, starts_at, context_tokens_over, day_second_from
            ),
            currency
        ) as row_currency
    from candidates
    where choice = 1
),

pivoted as (
    select
        price_book,
        provider,
        model,
        service_tier,
        starts_at,
        ends_at,
        context_tokens_over,
        context_tokens_up_to,
        day_second_from,
        day_second_to,
        row_currency as currency,
        max(contract_id) as contract_id,
        {% for meter in meters -%}
        max(case when priced_meter = '{{ meter }}' then rate end) as {{ meter }}_rate,
        {% endfor -%}
        min(case when is_free then 1 else 0 end) = 1 as is_free
    from chosen
    where currency = row_currency
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
)

select * from pivoted
