{{ config(materialized='table') }}
{# Who bears how much of a rule's pools in a month: driver quantities, declared weights, and the final shares of service
   pools, as whole weights. #}
with quantities as (
    select * from {{ ref('int_allocation_quantities') }}
    union all
    select * from {{ ref('int_service_pool_quantities') }}
),

compared as (
    select
        *,
        max(quantity) over (partition by snapshot_number) as largest_quantity
    from quantities
),

weighed as (
    select
        snapshot_number,
        target_type,
        target_id,
        cast(quantity as decimal(26, 12)) as quantity,
        is_declared,
        {{ driver_weight('quantity', 'largest_quantity') }} as weight
    from compared
),

bearing as (
    select * from weighed where weight > 0
)

select * from bearing
