{# Foreign currencies only: the reporting currency needs no rate, so that most calls meet an empty side of the join. #}
with fx_rates as (
    select * from {{ ref('fx_rates') }}
),

spot as (
    select
        currency_from as currency,
        rate_date,
        rate
    from fx_rates
    where rate_type = 'spot' and currency_to = '{{ checked_var('reporting_currency') }}'
)

select * from spot
