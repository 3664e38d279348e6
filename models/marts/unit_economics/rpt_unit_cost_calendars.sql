{# The same money on three calendars. Its totals are equal; only what it stands beside differs. On the cohort calendar the
   cost per success is that of record: what pending units cost so far stays out of it. #}
{% set grain = ['period_month', 'environment', 'unit_type', 'calendar'] %}
with units as (
    select
        *,
        case when is_final then {{ month_of('settled_at') }} end as outcome_month
    from {{ ref('fct_units') }}
),

call_costs as (
    select * from {{ ref('int_unit_call_costs') }} where unit_id is not null
),

metered_costs as (
    select * from {{ ref('int_unit_charge_costs') }}
),

reviews as (
    select * from {{ ref('int_human_reviews') }}
),

dated as (
    select
        cohort_month as period_month, environment, unit_type, 'cohort' as calendar, total_cost_usd as cost_usd,
        case when is_final then 0 else total_cost_usd end as pending_cost_usd
    from units
    union all
    select
        outcome_month as period_month, environment, unit_type, 'outcome' as calendar, total_cost_usd as cost_usd,
        0 as pending_cost_usd
    from units
    union all
    select
        {{ month_of('occurred_at') }} as period_month, environment, unit_type, 'cost' as calendar,
        {{ micros_to_ledger('coalesce(sum(cost_micros_usd), 0)') }} as cost_usd, 0 as pending_cost_usd
    from call_costs
    group by {{ month_of('occurred_at') }}, environment, unit_type
    union all
    select
        {{ month_of('occurred_at') }} as period_month, environment, unit_type, 'cost' as calendar,
        {{ micros_to_ledger('sum(cost_micros_usd)') }} as cost_usd, 0 as pending_cost_usd
    from metered_costs
    group by {{ month_of('occurred_at') }}, environment, unit_type
    union all
    select
        {{ month_of('started_at') }} as period_month, environment, unit_type, 'cost' as calendar,
        {{ micros_to_ledger('sum(cost_micros_usd)') }} as cost_usd, 0 as pending_cost_usd
    from reviews
    group by {{ month_of('started_at') }}, environment, unit_type
    {# A pool's month is the month in which the units that bear it started. #}
    union all
    select
        cohort_month as period_month, environment, unit_type, 'cost' as calendar, allocated_cost_usd as cost_usd,
        0 as pending_cost_usd
    from units
),

counted as (
    select cohort_month as period_month, environment, unit_type, 'cohort' as calendar, state from units where is_attempted
    {% for calendar in ['outcome', 'cost'] %}
    union all
    select outcome_month as period_month, environment, unit_type, '{{ calendar }}' as calendar, state
    from units
    where is_attempted and outcome_month is not null
    {% endfor %}
),

everything as (
    select {{ grain | join(', ') }}, cost_usd, pending_cost_usd, 0 as units, 0 as successes from dated
    union all
    select
        {{ grain | join(', ') }},
        0 as cost_usd,
        0 as pending_cost_usd,
        case when state <> 'cancelled' then 1 else 0 end as units,
        case when state = 'success' then 1 else 0 end as successes
    from counted
),

summed as (
    select
        {{ grain | join(',\n        ') }},
        {{ ledger('coalesce(sum(cost_usd), 0)') }} as cost_usd,
        {{ ledger('coalesce(sum(pending_cost_usd), 0)') }} as pending_cost_usd,
        cast(sum(units) as bigint) as units,
        cast(sum(successes) as bigint) as successful_units
    from everything
    group by {{ grain | join(', ') }}
),

measured as (
    select
        *,
        {{ money_ratio('(cost_usd - pending_cost_usd)', 'successful_units') }} as cost_per_success_usd
    from summed
)

select * from measured
