{{ config(materialized='table') }}
{# What a call costs beyond the wide price: one narrow row for the few calls that have any. Retrieved tokens are a part of the
   input and told beside it: no meter. #}
with charges as (
    select * from {{ ref('int_usage_other_charges') }} where price_book = own_book
),

summed as (
    select
        source_system,
        file_path,
        landed_row,
        cast(sum(charge_micros) as decimal(18, 6)) as other_micros,
        min(currency) as currency,
        cast(count(case when kind = 'further' then meter end) as integer) as meters,
        cast(count(case when is_unpriced then meter end) as integer) as unpriced_meters,
        cast(max(case when kind = 'told' then quantity end) as integer) as retrieved_tokens
    from charges
    group by source_system, file_path, landed_row
)

select * from summed
