{# A billing account with contract prices buys from a book of its own; contracts for a whole provider make the book `*`. #}
with contract_rates as (
    select * from {{ ref('int_contract_rates') }}
),

books as (
    select distinct
        provider,
        coalesce(billing_account_id, '*') as price_book
    from contract_rates
)

select * from books
