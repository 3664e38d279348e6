with showback as (
    select
        period_month,
        environment,
        cost_center,
        sum(direct_cost_usd) as direct_cost_usd,
        sum(allocated_cost_usd) as allocated_cost_usd,
        sum(units) as units
    from {{ ref('rpt_showback') }}
    group by period_month, environment, cost_center
),

ancestors as (
    select * from {{ ref('int_cost_center_ancestors') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

placed as (
    select
        showback.*,
        coalesce(ancestors.ancestor, showback.cost_center) as bearing_center
    from showback
    left join ancestors on showback.cost_center = ancestors.cost_center
),

summed as (
    select
        period_month,
        environment,
        bearing_center as cost_center,
        {{ ledger('sum(case when bearing_center = cost_center then direct_cost_usd + allocated_cost_usd else 0 end)') }} as own_cost_usd,
        {{ ledger('sum(direct_cost_usd)') }} as direct_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {{ ledger('sum(direct_cost_usd) + sum(allocated_cost_usd)') }} as total_cost_usd,
        cast(sum(units) as bigint) as units
    from placed
    group by period_month, environment, bearing_center
),

named as (
    select
        summed.period_month,
        summed.environment,
        summed.cost_center,
        cost_centers.name as cost_center_name,
        cost_centers.parent_cost_center,
        cost_centers.parent_cost_center is null as is_top,
        summed.own_cost_usd,
        summed.direct_cost_usd,
        summed.allocated_cost_usd,
        summed.total_cost_usd,
        summed.units
    from summed
    left join cost_centers on summed.cost_center = cost_centers.cost_center
)

select * from named
