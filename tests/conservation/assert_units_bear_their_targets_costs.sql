-- What targets with units bear reaches their units wholly, per environment and month; by unit type, over all layers.
with by_unit as (
    select
        units.cohort_month as period_month,
        units.environment,
        units.unit_type,
        sum(allocated.allocated_cost_usd) as unit_amount
    from {{ ref('int_unit_allocated_costs') }} as allocated
    inner join {{ ref('int_units') }} as units
        on
            allocated.environment = units.environment
            and allocated.unit_type = units.unit_type
            and allocated.unit_id = units.unit_id
            and allocated.episode_number = units.episode_number
    group by units.cohort_month, units.environment, units.unit_type
),

by_type as (
    select
        period_month,
        environment,
        unit_type,
        sum(allocated_cost_usd) as type_amount
    from {{ ref('int_unit_type_allocated_costs') }}
    group by period_month, environment, unit_type
)

select
    coalesce(by_unit.period_month, by_type.period_month) as period_month,
    coalesce(by_unit.environment, by_type.environment) as environment,
    coalesce(by_unit.unit_type, by_type.unit_type) as unit_type,
    by_type.type_amount,
    by_unit.unit_amount
from by_unit
full outer join by_type
    on
        by_unit.period_month = by_type.period_month
        and by_unit.environment = by_type.environment
        and by_unit.unit_type = by_type.unit_type
where coalesce(by_unit.unit_amount, 0) <> coalesce(by_type.type_amount, 0)
