{{ config(materialized='table') }}
{# Every source, wholly: to its targets by signed largest remainder, to `__idle__` and to `__unallocated__`. #}
with choices as (
    select * from {{ ref('int_allocation_choices') }}
),

snapshots as (
    select * from {{ ref('int_allocation_snapshots') }}
),

weighed as (
    select
        choices.source_number,
        choices.rest_units as units,
        choices.weight_sum,
        snapshots.target_type,
        snapshots.target_id,
        snapshots.quantity,
        snapshots.weight
    from choices
    inner join snapshots on choices.snapshot_number = snapshots.snapshot_number
),

{{ split_exactly('weighed', 'source_number', 'target_type, target_id') }},

shared as (
    select
        source_number,
        target_type,
        target_id,
        quantity as driver_quantity,
        split_units as allocated_units
    from split
),

idle as (
    select
        source_number,
        '__idle__' as target_type,
        '__idle__' as target_id,
        cast(capacity_quantity - used_quantity as decimal(26, 12)) as driver_quantity,
        idle_units as allocated_units
    from choices
    where idle_units <> 0
),

unallocated as (
    select
        source_number,
        '__unallocated__' as target_type,
        '__unallocated__' as target_id,
        cast(null as decimal(26, 12)) as driver_quantity,
        rest_units as allocated_units
    from choices
    where snapshot_number is null
)

select * from shared
union all
select * from idle
union all
select * from unallocated
