{{ config(materialized='table') }}
{# One row a quantity and the price that is most specific, as in int_prices; a common meter only where its price is more than
   a rate, since the wide price has charged the rate. #}
with quantities as (
    select * from {{ ref('int_usage_other_quantities') }}
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

candidates as (
    select
        quantities.*,
        book_rates.rate,
        coalesce(book_rates.exact_rate, book_rates.rate) as exact_rate,
        book_rates.currency,
        book_rates.contract_id,
        case when quantities.kind <> 'taken_off' then book_rates.terms_id end as terms_id,
        row_number() over (
            partition by
                quantities.source_system, quantities.file_path, quantities.landed_row, quantities.meter, quantities.kind
            order by
                book_rates.specificity nulls last, book_rates.breadth, book_rates.context_tokens_over desc,
                book_rates.tokens_above_discount,
                book_rates.day_second_to - book_rates.day_second_from, book_rates.recorded_at desc nulls last
        ) as choice
    from quantities
    left join books as account_books
        on quantities.provider = account_books.provider and quantities.billing_account_id = account_books.price_book
    left join books as provider_books
        on quantities.provider = provider_books.provider and provider_books.price_book = '*'
    left join names
        on
            quantities.provider = names.provider
            and lower(quantities.reported_model) = names.reported_model
            and quantities.occurred_at >= names.valid_from
            and quantities.occurred_at < names.valid_to
    left join book_rates
        on
            names.price_provider = book_rates.provider
            and names.model = book_rates.model
            and quantities.meter = book_rates.meter
            and quantities.service_tier = book_rates.service_tier
            and coalesce(account_books.price_book, provider_books.price_book, 'list') = book_rates.price_book
            and quantities.occurred_at >= book_rates.valid_from
            and quantities.occurred_at < book_rates.valid_to
            and {{ second_of_day('quantities.occurred_at') }} >= book_rates.day_second_from
            and {{ second_of_day('quantities.occurred_at') }} < book_rates.day_second_to
            and (quantities.input_tokens > book_rates.context_tokens_over or book_rates.context_tokens_over = 0)
),

chosen as (
    select * from candidates
    where choice = 1 and (kind <> 'special' or terms_id is not null or exact_rate <> rate)
)

select * from chosen
