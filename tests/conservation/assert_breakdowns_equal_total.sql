-- Every breakdown by dimension sums to the units that it breaks down: same cost, same units, per month.
with totals as (
    select
        period_grain,
        period_start,
        environment,
        unit_type,
        sum(total_cost_usd) as total_cost_usd,
        sum(attempted_units) as attempted_units,
        sum(successful_units) as successful_units
    from {{ ref('rpt_unit_economics') }}
    group by 1, 2, 3, 4
),

broken_down as (
    select
        period_grain,
        period_start,
        environment,
        unit_type,
        dimension,
        sum(total_cost_usd) as total_cost_usd,
        sum(attempted_units) as attempted_units,
        sum(successful_units) as successful_units
    from {{ ref('rpt_unit_economics_by_dimension') }}
    group by 1, 2, 3, 4, 5
)

select
    totals.*,
    broken_down.dimension,
    broken_down.total_cost_usd as dimension_cost_usd
from totals
inner join broken_down
    on
        totals.period_grain = broken_down.period_grain
        and totals.period_start = broken_down.period_start
        and totals.environment = broken_down.environment
        and totals.unit_type = broken_down.unit_type
where
    totals.total_cost_usd <> broken_down.total_cost_usd
    or totals.attempted_units <> broken_down.attempted_units
    or totals.successful_units <> broken_down.successful_units
