{{ config(materialized='table') }}
{# First stage of pools reaching units: what each target bears of each layer, by the type of the units behind it. #}
with allocated as (
    select
        sources.period_month,
        sources.environment,
        sources.layer,
        allocated.target_type,
        allocated.target_id,
        sum(allocated.allocated_units) as units
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
    where allocated.target_type not in ('unit', '__idle__', '__unallocated__')
    group by sources.period_month, sources.environment, sources.layer, allocated.target_type, allocated.target_id
),

weights as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        sum(units * weight) as weight
    from {{ ref('int_unit_weights_by_target') }}
    group by period_month, environment, target_type, target_id, unit_type
),

joined as (
    select
        allocated.*,
        weights.unit_type,
        weights.weight,
        sum(weights.weight) over (
            partition by allocated.period_month, allocated.environment, allocated.layer, allocated.target_type, allocated.target_id
        ) as weight_sum
    from allocated
    inner join weights
        on
            allocated.period_month = weights.period_month
            and allocated.environment = weights.environment
            and allocated.target_type = weights.target_type
            and allocated.target_id = weights.target_id
),

{{ split_exactly('joined', 'period_month, environment, layer, target_type, target_id', 'unit_type') }},

by_unit_type as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        layer,
        split_units as allocated_units
    from split
)

select * from by_unit_type
