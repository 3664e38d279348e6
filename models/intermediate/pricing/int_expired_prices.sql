{# List prices that an account pays because its contract has ended: they hold, and somebody should know. #}
with price_list as (
    select * from {{ ref('int_price_list') }}
),

contracts as (
    select
        price_book,
        provider,
        reported_model,
        service_tier,
        min(valid_to) as first_ended_at
    from price_list
    where contract_id is not null
    group by price_book, provider, reported_model, service_tier
),

expired as (
    select price_list.price_number
    from price_list
    inner join contracts
        on
            price_list.price_book = contracts.price_book
            and price_list.provider = contracts.provider
            and price_list.reported_model = contracts.reported_model
            and price_list.service_tier = contracts.service_tier
            and price_list.valid_from >= contracts.first_ended_at
    where price_list.contract_id is null
)

select * from expired
