{{ config(materialized='table') }}
{# A billing account with contract prices buys from a book of its own; contracts for a whole provider make the book `*`. #}
with contract_rates as (
    select * from {{ ref('int_contract_rates') }}
),

versions as (
    select * from {{ ref('int_contract_versions') }}
),

books as (
    select provider, price_book from contract_rates
    union
    select provider, price_book from versions
)

select * from books
