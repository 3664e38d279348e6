{# A view of money that stands in the ledger once: what calls came to, crossed with what their unit came to. Waste is a
   failed or cancelled unit, or a call that is not the final one of its chain. What no unit bears stands in the month in
   which it arose. #}
with call_costs as (
    select * from {{ ref('int_unit_call_costs') }}
),

charges as (
    select * from {{ ref('int_metered_costs_attributed') }} where unit_type is null or unit_id is null
),

units as (
    select * from {{ ref('fct_units') }}
),

crossed as (
    select
        units.cohort_month as period_month,
        units.environment,
        units.unit_type,
        call_costs.call_class,
        units.state as unit_class,
        {{ micros_to_ledger('coalesce(sum(call_costs.cost_micros_usd), 0)') }} as cost_usd,
        cast(count(*) as bigint) as attempts
    from call_costs
    inner join units
        on
            call_costs.environment = units.environment
            and call_costs.unit_type = units.unit_type
            and call_costs.unit_id = units.unit_id
            and call_costs.episode_number = units.episode_number
    group by units.cohort_month, units.environment, units.unit_type, call_costs.call_class, units.state
),

{# Review, tools and pools have no call: they share the fate of their unit. #}
without_call as (
    select
        cohort_month as period_month,
        environment,
        unit_type,
        'no_call' as call_class,
        state as unit_class,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd
    from units
    group by cohort_month, environment, unit_type, state
),

called as (
    select
        period_month,
        environment,
        unit_type,
        unit_class,
        {{ ledger('sum(cost_usd)') }} as cost_usd
    from crossed
    group by period_month, environment, unit_type, unit_class
),

without_unit as (
    select environment, occurred_at, call_class, cost_micros_usd, 1 as attempts from call_costs where unit_id is null
    union all
    select environment, occurred_at, 'no_call' as call_class, cost_micros_usd, 0 as attempts from charges
),

unattributed as (
    select
        {{ month_of('occurred_at') }} as period_month,
        environment,
        '__unattributed__' as unit_type,
        call_class,
        'unattributed' as unit_class,
        {{ micros_to_ledger('coalesce(sum(cost_micros_usd), 0)') }} as cost_usd,
        cast(sum(attempts) as bigint) as attempts
    from without_unit
    group by {{ month_of('occurred_at') }}, environment, call_class
),

everything as (
    select period_month, environment, unit_type, call_class, unit_class, cost_usd, attempts from crossed
    union all
    select period_month, environment, unit_type, call_class, unit_class, cost_usd, attempts from unattributed
    union all
    select
        without_call.period_month,
        without_call.environment,
        without_call.unit_type,
        without_call.call_class,
        without_call.unit_class,
        {{ ledger('without_call.total_cost_usd - coalesce(called.cost_usd, 0)') }} as cost_usd,
        cast(0 as bigint) as attempts
    from without_call
    left join called
        on
            without_call.period_month = called.period_month
            and without_call.environment = called.environment
            and without_call.unit_type = called.unit_type
            and without_call.unit_class = called.unit_class
),

judged as (
    select
        *,
        unit_class in ('failed', 'cancelled') or call_class not in ('final', 'no_call') as is_waste
    from everything
)

select * from judged
