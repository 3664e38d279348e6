{{ config(materialized='table') }}
{# A cost that spans months is cut by days: cumulative rounding, so that the slices sum to the cost in the ledger, in the
   reporting currency and in posted minor units alike. A cost without an environment is a cost of production. #}
with shared_costs as (
    select * from {{ ref('int_shared_costs') }}
),

environments as (
    select * from {{ ref('environments') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

numbers as (
    {{ small_numbers() }}
),

converted as (
    select
        shared_costs.*,
        case
            when shared_costs.environment is null then 'production'
            else coalesce(environments.environment, 'unknown')
        end as bearing_environment,
        currencies.minor_unit_exponent,
        {{ pico('shared_costs.amount') }} as amount_pico,
        case
            when shared_costs.currency = '{{ checked_var('reporting_currency') }}' then {{ pico('shared_costs.amount') }}
            when fx_rates.rate is not null then {{ pico_at_rate(pico('shared_costs.amount'), 'fx_rates.rate') }}
            else {{ int128(missing_rate('shared_costs.currency', 'shared_costs.period_start')) }}
        end as amount_usd_pico,
        {{ count_days('shared_costs.period_start', 'shared_costs.period_end') }} as days
    from shared_costs
    left join environments on shared_costs.environment = environments.reported_environment
    left join currencies on shared_costs.currency = currencies.currency
    left join fx_rates on shared_costs.currency = fx_rates.currency and shared_costs.period_start = fx_rates.rate_date
),

months as (
    {{ cut_into_months('converted') }}
),

sliced as (
    select
        shared_cost_id,
        period_start,
        period_month,
        bearing_environment as environment,
        pool,
        layer,
        currency,
        minor_unit_exponent,
        vendor,
        invoice_id,
        billing_account_id,
        capacity_quantity,
        capacity_unit,
        {{ cumulative_slice('amount_pico', 'days_to_here', 'days') }}
        - {{ cumulative_slice('amount_pico', 'days_before', 'days') }} as amount_pico,
        {{ cumulative_slice('amount_usd_pico', 'days_to_here', 'days') }}
        - {{ cumulative_slice('amount_usd_pico', 'days_before', 'days') }} as amount_usd_pico,
        {{ cumulative_slice('amount_pico', 'days_to_here', 'days', minor_step('minor_unit_exponent')) }}
        - {{ cumulative_slice('amount_pico', 'days_before', 'days', minor_step('minor_unit_exponent')) }} as posted_units
    from months
)

select * from sliced
