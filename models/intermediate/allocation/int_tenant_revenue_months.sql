{{ config(materialized='table') }}
{# What tenants paid, by month in the reporting currency: cut by days as shared costs are, at the first day's spot rate. #}
with revenue as (
    select * from {{ ref('int_tenant_revenue') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

numbers as (
    {{ small_numbers() }}
),

converted as (
    select
        revenue.*,
        case
            when revenue.currency = '{{ checked_var('reporting_currency') }}' then {{ pico('revenue.revenue_amount') }}
            when fx_rates.rate is not null then {{ pico_at_rate(pico('revenue.revenue_amount'), 'fx_rates.rate') }}
            else {{ int128(missing_rate('revenue.currency', 'revenue.period_start')) }}
        end as amount_pico,
        {{ count_days('revenue.period_start', 'revenue.period_end') }} as days
    from revenue
    left join fx_rates on revenue.currency = fx_rates.currency and revenue.period_start = fx_rates.rate_date
),

months as (
    {{ cut_into_months('converted') }}
),

sliced as (
    select
        period_month,
        tenant_id,
        {{ cumulative_slice('amount_pico', 'days_to_here', 'days') }} - {{ cumulative_slice('amount_pico', 'days_before', 'days') }} as amount_pico
    from months
),

summed as (
    select
        period_month,
        tenant_id,
        {{ pico_to_ledger('sum(amount_pico)') }} as revenue_usd
    from sliced
    group by period_month, tenant_id
)

select * from summed
