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

knowledge as (
    select * from {{ ref('int_price_knowledge') }}
),

instants as (
    select provider, price_book, known_slot as known_before from knowledge
    union
    select provider, price_book, known_to as known_before from knowledge
),

owned as (
    select
        quantities.*,
        coalesce(account_books.price_book, provider_books.price_book, 'list') as own_book
    from quantities
    left join books as account_books
        on quantities.provider = account_books.provider and quantities.billing_account_id = account_books.price_book
    left join books as provider_books
        on quantities.provider = provider_books.provider and provider_books.price_book = '*'
),

{# By the book as it is, and as it was at the later instants at which a late price changed it. #}
booked as (
    select
        owned.*,
        owned.own_book as price_book
    from owned
    union all
    select
        owned.*,
        {{ price_book_at('owned.own_book', 'instants.known_before') }} as price_book
    from owned
    inner join instants
        on
            owned.provider = instants.provider
            and owned.own_book = instants.price_book
            and {{ known_at('owned.ingested_at', 'owned.occurred_at') }} < instants.known_before
),

candidates as (
    select
        booked.*,
        book_rates.rate,
        coalesce(book_rates.exact_rate, book_rates.rate) as exact_rate,
        book_rates.currency,
        book_rates.contract_id,
        case when booked.kind <> 'taken_off' and booked.meter = book_rates.meter then book_rates.terms_id end as terms_id,
        row_number() over (
            partition by
                booked.source_system, booked.file_path, booked.landed_row, booked.meter, booked.kind, booked.price_book
            order by
                booked.meter <> book_rates.meter, {{ price_precedence() }}
        ) as choice
    from booked
    left join names
        on
            booked.provider = names.provider
            and lower(booked.reported_model) = names.reported_model
            and booked.occurred_at >= names.valid_from
            and booked.occurred_at < names.valid_to
    left join book_rates
        on
            names.price_provider = book_rates.provider
            and names.model = book_rates.model
            and (
                booked.meter = book_rates.meter
                {%- for meter, rated_as in assumed_meters().items() %}
                or (booked.kind = 'special' and booked.meter = '{{ meter }}' and book_rates.meter = '{{ rated_as }}')
                {%- endfor %}
            )
            and booked.service_tier = book_rates.service_tier
            and booked.price_book = book_rates.price_book
            and booked.occurred_at >= book_rates.valid_from
            and booked.occurred_at < book_rates.valid_to
            and {{ second_of_day('booked.occurred_at') }} >= book_rates.day_second_from
            and {{ second_of_day('booked.occurred_at') }} < book_rates.day_second_to
            and (booked.input_tokens > book_rates.context_tokens_over or book_rates.context_tokens_over = 0)
),

chosen as (
    select * from candidates
    where choice = 1 and (kind <> 'special' or terms_id is not null or exact_rate <> rate)
)

select * from chosen
