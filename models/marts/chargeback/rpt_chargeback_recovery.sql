with units as (
    select * from {{ ref('fct_units') }}
),

rates as (
    select * from {{ ref('standard_rates') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

summed as (
    select
        cohort_month as period_month,
        environment,
        cost_center,
        unit_type,
        {{ ledger('sum(total_cost_usd)') }} as actual_cost_usd,
        cast(sum(case when is_attempted and state <> 'cancelled' then 1 else 0 end) as bigint) as attempted_units,
        cast(sum(case when state = 'success' then 1 else 0 end) as bigint) as units
    from units
    group by cohort_month, environment, cost_center, unit_type
),

{# A month has one rate, in force on its first day; a foreign one is converted at that day's spot rate. #}
rated as (
    select
        summed.*,
        case
            when rates.rate is null then null
            when rates.currency = '{{ checked_var('reporting_currency') }}' then {{ pico('rates.rate') }}
            when fx_rates.rate is not null then {{ pico_at_rate(pico('rates.rate'), 'fx_rates.rate') }}
            else {{ int128(missing_rate('rates.currency', 'summed.period_month')) }}
        end as rate_pico
    from summed
    left join rates
        on
            summed.unit_type = rates.unit_type
            and summed.cost_center = rates.cost_center
            and summed.period_month >= rates.valid_from
            and summed.period_month < coalesce(rates.valid_to, cast('9999-12-31' as date))
    left join fx_rates on rates.currency = fx_rates.currency and summed.period_month = fx_rates.rate_date
),

charged as (
    select
        *,
        {{ pico_to_ledger('rate_pico') }} as standard_rate_usd,
        {{ pico_to_ledger('rate_pico * units') }} as charged_usd
    from rated
),

compared as (
    select
        period_month,
        environment,
        cost_center,
        unit_type,
        actual_cost_usd,
        attempted_units,
        units,
        standard_rate_usd,
        charged_usd,
        {{ ledger('actual_cost_usd - charged_usd') }} as over_under_recovery_usd,
        {{ money_ratio('charged_usd', 'actual_cost_usd') }} as recovery_rate
    from charged
)

select * from compared
