{{ config(materialized='table') }}
{# What a call costs beyond the wide price: one narrow row for the few calls that have any. What the terms or the exact rate of
   a common meter add to it is that meter's. Retrieved tokens are a part of the input and told beside it: no meter. #}
with charges as (
    select * from {{ ref('int_usage_other_charges') }} where price_book = own_book
),

summed as (
    select
        source_system,
        file_path,
        landed_row,
        cast(sum(case when currency = call_currency and kind <> 'special' then charge_micros end) as decimal(18, 6)) as other_micros,
        {% for meter in usage_meters() if meter != 'unclassified' -%}
        cast(sum(case when currency = call_currency and kind = 'special' and meter = '{{ meter }}' then charge_micros end) as decimal(18, 6)) as {{ meter }}_micros,
        {% endfor -%}
        min(call_currency) as currency,
        cast(count(case when kind = 'further' then meter end) as integer) as meters,
        cast(count(case when is_unpriced or currency <> call_currency then meter end) as integer) as unpriced_meters,
        cast(max(case when kind = 'told' then quantity end) as integer) as retrieved_tokens
    from charges
    group by source_system, file_path, landed_row
)

select * from summed
