{# What the units of a type bear of the pools, by the pool's layer: for the cost stack. Equal to the sum over the units. #}
with by_target as (
    select
        period_month,
        environment,
        unit_type,
        layer,
        allocated_units
    from {{ ref('int_target_costs_by_unit_type') }}
),

by_unit as (
    select
        sources.driver_month as period_month,
        sources.environment,
        drivers.unit_type,
        sources.layer,
        allocated.allocated_units
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
    inner join {{ ref('int_allocation_unit_drivers') }} as drivers
        on
            allocated.target_id = drivers.target_id
            and sources.environment = drivers.environment
            and sources.driver_month = drivers.period_month
    where allocated.target_type = 'unit'
),

listed as (
    select * from by_target
    union all
    select * from by_unit
),

summed as (
    select
        period_month,
        environment,
        unit_type,
        layer,
        {{ pico_to_ledger('sum(allocated_units)') }} as allocated_cost_usd
    from listed
    group by period_month, environment, unit_type, layer
)

select * from summed
