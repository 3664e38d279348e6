{{ config(materialized='table') }}
{# A cost that spans months is cut by days: cumulative rounding, so that the slices sum to the cost in the ledger, in the
   reporting currency and in posted minor units alike. A cost without an environment is a cost of production. What a later
   record restates after a close stays in the closed month: it is taken back and booked anew, under numbers of its own. #}
with shared_costs as (
    select * from {{ ref('int_shared_cost_versions') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
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

dated as (
    select
        *,
        {{ known_at('ingested_at', 'cast(period_month as timestamp)') }} as said_at
    from months
),

{# What was restated before the month was closed was never booked. #}
booked as (
    select
        dated.*,
        case when dated.is_taken_back then dated.replaced_at else dated.said_at end as known_at
    from dated
    left join slots
        on
            dated.period_month = slots.period_month
            and dated.replaced_at >= slots.known_from
            and dated.replaced_at < slots.known_to
    where dated.replaced_at is null or dated.said_at < slots.known_from
),

numbered as (
    select
        *,
        row_number() over (
            partition by shared_cost_id, period_start, period_month
            order by known_at, case when is_taken_back then 0 else 1 end
        ) as booking_number
    from booked
),

sliced as (
    select
        shared_cost_id,
        case when booking_number = 1 then shared_cost_id else concat(shared_cost_id, ' #', booking_number) end as booking_id,
        known_at,
        is_taken_back,
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
    from numbered
)

select * from sliced
