{# What a call of a closed month costs beyond the wide price by a book as it was known, and what a version of it did that was
   replaced. Only late prices and corrections need it. #}
with charges as (
    select * from {{ ref('int_usage_other_charges') }} where price_book <> own_book or replaced_at is not null
),

summed as (
    select
        source_system,
        file_path,
        landed_row,
        price_book,
        cast(sum(case when currency = call_currency then charge_micros end) as decimal(18, 6)) as other_micros,
        min(call_currency) as currency,
        cast(count(case when kind = 'further' then meter end) as integer) as meters,
        cast(count(case when is_unpriced or currency <> call_currency then meter end) as integer) as unpriced_meters
    from charges
    group by source_system, file_path, landed_row, price_book
)

select * from summed
