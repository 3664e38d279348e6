{# The contract prices of a changed book as they were known at an instant, under a book of that instant's own: calls are
   never priced by it, only what a late price changes. A book may have been empty then. #}
with contract_prices as (
    select * from {{ ref('contract_prices') }}
),

knowledge as (
    select * from {{ ref('int_price_knowledge') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

instants as (
    select provider, price_book, known_slot as known_before from knowledge
    union
    select provider, price_book, known_to as known_before from knowledge
),

versions as (
    select
        {{ price_book_at('instants.price_book', 'instants.known_before') }} as price_book,
        instants.provider,
        contract_prices.billing_account_id is not null as is_account_price,
        contract_prices.contract_id,
        contract_prices.billing_account_id,
        contract_prices.model,
        contract_prices.meter,
        contract_prices.service_tier,
        contract_prices.context_tokens_over,
        contract_prices.price,
        contract_prices.discount_rate,
        contract_prices.per_quantity,
        contract_prices.currency,
        contract_prices.valid_from,
        contract_prices.valid_to,
        contract_prices.recorded_at,
        {{ price_terms_id('contract_prices') }} as terms_id
    from instants
    cross join clock
    left join contract_prices
        on
            instants.provider = contract_prices.provider
            and (contract_prices.billing_account_id is null or instants.price_book = contract_prices.billing_account_id)
            and (contract_prices.recorded_at is null or contract_prices.recorded_at < instants.known_before)
            and (contract_prices.recorded_at is null or contract_prices.recorded_at <= clock.as_of)
            and coalesce(contract_prices.quantity_over, 0) = 0
)

select * from versions
