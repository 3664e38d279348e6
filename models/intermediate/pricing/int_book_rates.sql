{{ config(materialized='table') }}
{# What each book may price with, most specific first: the account's contract, the provider's contract, the list. #}
with books as (
    select * from {{ ref('int_price_books') }}
),

contract_rates as (
    select * from {{ ref('int_contract_rates') }}
),

list_rates as (
    select * from {{ ref('int_list_rates') }}
),

from_contracts as (
    select
        books.price_book,
        case when contract_rates.is_account_price then 1 else 2 end as specificity,
        contract_rates.recorded_at,
        contract_rates.contract_id,
        contract_rates.provider,
        contract_rates.model,
        contract_rates.meter,
        contract_rates.service_tier,
        contract_rates.context_tokens_over,
        contract_rates.breadth,
        contract_rates.tokens_above_discount,
        contract_rates.day_second_from,
        contract_rates.day_second_to,
        contract_rates.rate,
        case when contract_rates.exact_rate <> contract_rates.rate then contract_rates.exact_rate end as exact_rate,
        contract_rates.currency,
        contract_rates.is_free,
        contract_rates.terms_id,
        contract_rates.valid_from,
        contract_rates.valid_to
    from books
    inner join contract_rates
        on
            books.provider = contract_rates.provider
            and (
                books.price_book = contract_rates.price_book
                or (contract_rates.price_book = '*' and books.price_book not like '%@known:%')
            )
),

list_books as (
    select
        provider,
        'list' as price_book
    from list_rates
    union
    select
        provider,
        price_book
    from books
),

from_list as (
    select
        list_books.price_book,
        3 as specificity,
        cast(null as timestamp) as recorded_at,
        cast(null as {{ dbt.type_string() }}) as contract_id,
        list_rates.provider,
        list_rates.model,
        list_rates.meter,
        list_rates.service_tier,
        list_rates.context_tokens_over,
        cast(null as integer) as breadth,
        cast(null as integer) as tokens_above_discount,
        list_rates.day_second_from,
        list_rates.day_second_to,
        list_rates.rate,
        cast(null as decimal(30, 15)) as exact_rate,
        list_rates.currency,
        list_rates.is_free,
        cast(null as {{ dbt.type_string() }}) as terms_id,
        list_rates.valid_from,
        list_rates.valid_to
    from list_books
    inner join list_rates on list_books.provider = list_rates.provider
)

select * from from_contracts
union all
select * from from_list
