{{ config(materialized='table') }}
{# Quantities beyond the common meters (images, audio, seconds, ...), priced one row a meter by the meter of the same name.
   Few calls carry any, so that the wide price join stays narrow. Retrieved tokens are a part of the input: no meter. #}
with usage_events as (
    select * from {{ ref('int_usage_events') }} where usage_json is not null
),

books as (
    select * from {{ ref('int_price_books') }}
),

names as (
    select * from {{ ref('int_model_names') }}
),

book_rates as (
    select * from {{ ref('int_book_rates') }}
),

keyed as (
    select
        source_system,
        file_path,
        landed_row,
        provider,
        billing_account_id,
        lower(reported_model) as reported_model,
        service_tier,
        occurred_at,
        coalesce(input_tokens, 0) as input_tokens,
        usage_json,
        {{ json_each_key('usage_json') }} as meter
    from usage_events
),

measured as (
    select
        *,
        {{ json_text('usage_json', 'meter') }} as quantity_text
    from keyed
    where meter not in ('{{ known_usage_keys() | join("', '") }}')
),

typed as (
    select
        *,
        cast(quantity_text as decimal(18, 6)) as quantity
    from measured
    where {{ matches('quantity_text', '(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?') }}
),

candidates as (
    select
        typed.source_system,
        typed.file_path,
        typed.landed_row,
        typed.meter,
        typed.quantity,
        book_rates.rate,
        book_rates.currency,
        row_number() over (
            partition by typed.source_system, typed.file_path, typed.landed_row, typed.meter
            order by
                book_rates.specificity nulls last, book_rates.breadth, book_rates.context_tokens_over desc,
                book_rates.day_second_to - book_rates.day_second_from, book_rates.recorded_at desc nulls last
        ) as choice
    from typed
    left join books as account_books
        on typed.provider = account_books.provider and typed.billing_account_id = account_books.price_book
    left join books as provider_books
        on typed.provider = provider_books.provider and provider_books.price_book = '*'
    left join names
        on
            typed.provider = names.provider
            and typed.reported_model = names.reported_model
            and typed.occurred_at >= names.valid_from
            and typed.occurred_at < names.valid_to
    left join book_rates
        on
            names.price_provider = book_rates.provider
            and names.model = book_rates.model
            and typed.meter = book_rates.meter
            and typed.service_tier = book_rates.service_tier
            and coalesce(account_books.price_book, provider_books.price_book, 'list') = book_rates.price_book
            and typed.occurred_at >= book_rates.valid_from
            and typed.occurred_at < book_rates.valid_to
            and {{ second_of_day('typed.occurred_at') }} >= book_rates.day_second_from
            and {{ second_of_day('typed.occurred_at') }} < book_rates.day_second_to
            and (typed.input_tokens > book_rates.context_tokens_over or book_rates.context_tokens_over = 0)
    where typed.quantity > 0
),

summed as (
    select
        source_system,
        file_path,
        landed_row,
        cast(sum(cast(quantity * rate as decimal(18, 6))) as decimal(18, 6)) as other_micros,
        min(currency) as currency,
        cast(sum(case when meter <> 'retrieved_tokens' then 1 else 0 end) as integer) as meters,
        cast(sum(case when rate is null and meter <> 'retrieved_tokens' then 1 else 0 end) as integer) as unpriced_meters,
        cast(max(case when meter = 'retrieved_tokens' then quantity end) as integer) as retrieved_tokens
    from candidates
    where choice = 1
    group by source_system, file_path, landed_row
)

select * from summed
