-- The stack of a month and unit type is what its units cost, pools included; so is what its settled units cost.
with stack as (
    select
        period_month,
        environment,
        unit_type,
        sum(cost_usd) as stack_cost_usd,
        sum(final_cost_usd) as stack_final_cost_usd,
        min(total_cost_usd) as units_cost_usd
    from {{ ref('rpt_cost_stack') }}
    group by period_month, environment, unit_type
),

units as (
    select
        {{ month_of('cohort_date') }} as period_month,
        environment,
        unit_type,
        sum(total_cost_usd) as total_cost_usd,
        sum(total_cost_usd - pending_cost_usd) as final_cost_usd
    from {{ ref('fct_unit_economics_daily') }}
    group by {{ month_of('cohort_date') }}, environment, unit_type
)

select
    stack.*,
    units.total_cost_usd,
    units.final_cost_usd
from stack
full outer join units
    on
        stack.period_month = units.period_month
        and stack.environment = units.environment
        and stack.unit_type = units.unit_type
where
    coalesce(stack.stack_cost_usd, 0) <> coalesce(units.total_cost_usd, 0)
    or coalesce(stack.units_cost_usd, 0) <> coalesce(units.total_cost_usd, 0)
    or coalesce(stack.stack_final_cost_usd, 0) <> coalesce(units.final_cost_usd, 0)
