-- The stack of a month and unit type is what its units cost, pools included.
with stack as (
    select
        period_month,
        environment,
        unit_type,
        sum(cost_usd) as stack_cost_usd,
        min(total_cost_usd) as units_cost_usd
    from {{ ref('rpt_cost_stack') }}
    group by period_month, environment, unit_type
)

select * from stack where stack_cost_usd <> units_cost_usd
