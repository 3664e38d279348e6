{# Contract prices that became known after a close: for each stretch between two closes in which one was recorded, the book
   that it changed. A price for a whole provider changes every book of it. #}
with contract_prices as (
    select * from {{ ref('contract_prices') }}
),

slots as (
    select distinct
        known_slot,
        known_from,
        known_to
    from {{ ref('int_knowledge_slots') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

late as (
    select
        contract_prices.provider,
        coalesce(contract_prices.billing_account_id, '*') as price_book,
        slots.known_slot,
        slots.known_to
    from contract_prices
    cross join clock
    inner join slots
        on contract_prices.recorded_at >= slots.known_from and contract_prices.recorded_at < slots.known_to
    where contract_prices.recorded_at <= clock.as_of and coalesce(contract_prices.valid_from, slots.known_from) <= slots.known_from
),

books as (
    select
        provider,
        billing_account_id as price_book
    from contract_prices
    where billing_account_id is not null
),

changed as (
    select * from late
    union
    select
        late.provider,
        books.price_book,
        late.known_slot,
        late.known_to
    from late
    inner join books on late.provider = books.provider
    where late.price_book = '*'
)

select * from changed
