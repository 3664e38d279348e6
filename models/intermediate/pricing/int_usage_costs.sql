{# A view on purpose: pricing a call costs less than storing and reading its cost. #}
{% set meters = usage_meters() %}
with usage_events as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        output_tokens - coalesce(unclassified_tokens, 0) as classified_output_tokens
    from {{ ref('int_usage_events') }}
),

{# No step of this view is read twice: DuckDB would store it and read every column of the calls for it. #}
account_books as (
    select * from {{ ref('int_price_books') }}
),

provider_books as (
    select * from {{ ref('int_price_books') }} where price_book = '*'
),

prices as (
    select
        *,
        output_rate as unclassified_rate
    from {{ ref('int_price_list') }}
),

other_costs as (
    select * from {{ ref('int_usage_other_costs') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

matched as (
    select
        usage_events.*,
        prices.model,
        prices.price_number,
        prices.contract_id,
        prices.currency as price_currency,
        prices.is_free,
        {{ tells_usage('usage_events') }} as has_usage,
        other_costs.retrieved_tokens,
        {# A price or a split that had to be assumed makes the cost an estimate. #}
        coalesce(usage_events.cache_write_unknown_tokens, 0) > 0
        or coalesce(usage_events.unclassified_tokens, 0) > 0
        or (coalesce(usage_events.cache_read_tokens, 0) > 0 and coalesce(prices.is_cache_read_assumed, false)) as is_estimated,
        {% for meter, quantity in meters.items() -%}
        {{ with_terms(meter_micros('usage_events.' ~ quantity, 'prices.' ~ meter ~ '_rate'), meter) }} as {{ meter }}_micros,
        {% endfor -%}
        {{ meter_micros('usage_events.input_tokens', 'prices.input_uncached_rate') }} as uncached_price_micros,
        {{ unpriced_meters('usage_events') }} as unpriced_meters,
        case when other_costs.currency = prices.currency then other_costs.other_micros end as other_micros
    from usage_events
    left join account_books
        on usage_events.provider = account_books.provider and usage_events.billing_account_id = account_books.price_book
    left join provider_books on usage_events.provider = provider_books.provider
    left join prices
        on
            {{ price_match('usage_events', "coalesce(account_books.price_book, provider_books.price_book, 'list')") }}
    left join other_costs
        on
            usage_events.landed_row = other_costs.landed_row
            and usage_events.file_path = other_costs.file_path
            and usage_events.source_system = other_costs.source_system
),

summed as (
    select
        *,
        cast(
            coalesce(other_micros, 0)
            {% for meter in meters -%}
            + coalesce({{ meter }}_micros, 0)
            {% endfor -%}
            as decimal(18, 6)
        ) as priced_micros,
        cast(reported_cost_amount * 1000000 as decimal(28, 6)) as reported_micros
    from matched
),

based as (
    select
        *,
        {{ call_cost_basis() }} as cost_basis
    from summed
),

valued as (
    select
        *,
        case cost_basis
            when 'unpriced' then null
            when 'reported' then reported_micros
            else priced_micros
        end as cost_micros,
        case cost_basis
            when 'unpriced' then '{{ checked_var('reporting_currency') }}'
            when 'reported' then reported_cost_currency
            else price_currency
        end as cost_currency
    from based
),

converted as (
    select
        valued.*,
        {{ in_reporting_currency('valued.cost_micros', 'valued.cost_currency', 'fx_rates.rate', 'valued.occurred_at') }} as cost_micros_usd,
        case
            when not valued.has_usage and valued.cost_basis = 'unpriced' then 'usage_missing'
            when valued.cost_basis = 'unpriced' then 'unpriced'
            when valued.cost_basis = 'reported' then 'reported'
            when valued.cost_basis = 'partially_priced' then 'partially_priced'
            when valued.is_free and valued.priced_micros = 0 then 'free'
            else 'priced'
        end as cost_status
    from valued
    left join fx_rates
        on valued.cost_currency = fx_rates.currency and cast(valued.occurred_at as date) = fx_rates.rate_date
)

select * from converted
