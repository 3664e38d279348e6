{{ config(materialized='table') }}
{# Every allocated amount with the cost center that bears it, and the team and tenant where the target is one. Units are
   summed to their cost center, team and tenant. A tenant's amount follows its direct costs to the cost centers. #}
with allocated as (
    select
        allocated.*,
        sources.driver_month as period_month,
        sources.environment
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

unit_drivers as (
    select * from {{ ref('int_allocation_unit_drivers') }}
),

tenant_costs as (
    select
        period_month,
        environment,
        tenant_id,
        cost_center,
        {{ pico('sum(cost_usd)') }} as cost_units
    from {{ ref('int_direct_costs_monthly') }}
    where tenant_id is not null
    group by period_month, environment, tenant_id, cost_center
    having sum(cost_usd) > 0
),

unit_borne as (
    select
        allocated.source_number,
        'unit' as target_type,
        cast(null as {{ dbt.type_string() }}) as target_id,
        unit_drivers.cost_center,
        unit_drivers.team,
        unit_drivers.tenant_id,
        sum(allocated.driver_quantity) as driver_quantity,
        sum(allocated.allocated_units) as allocated_units
    from allocated
    inner join unit_drivers
        on
            allocated.target_id = unit_drivers.target_id
            and allocated.environment = unit_drivers.environment
            and allocated.period_month = unit_drivers.period_month
    where allocated.target_type = 'unit'
    group by allocated.source_number, unit_drivers.cost_center, unit_drivers.team, unit_drivers.tenant_id
),

tenant_shares as (
    select
        allocated.source_number,
        allocated.target_id,
        allocated.driver_quantity,
        allocated.allocated_units as units,
        coalesce(tenant_costs.cost_center, '__unassigned__') as cost_center,
        tenant_costs.cost_units,
        max(tenant_costs.cost_units) over (partition by allocated.source_number, allocated.target_id) as largest_cost_units
    from allocated
    left join tenant_costs
        on
            allocated.period_month = tenant_costs.period_month
            and allocated.environment = tenant_costs.environment
            and allocated.target_id = tenant_costs.tenant_id
    where allocated.target_type = 'tenant'
),

tenant_weights as (
    select
        *,
        coalesce({{ whole_weight('cost_units', 'largest_cost_units') }}, 1) as weight
    from tenant_shares
),

tenant_weighed as (
    select
        *,
        sum(weight) over (partition by source_number, target_id) as weight_sum
    from tenant_weights
),

{{ split_exactly('tenant_weighed', 'source_number, target_id', 'cost_center') }},

owner_borne as (
    select
        allocated.source_number,
        allocated.target_type,
        allocated.target_id,
        case
            when allocated.target_type in ('cost_center', '__idle__', '__unallocated__') then allocated.target_id
            else coalesce(owners.cost_center, '__unassigned__')
        end as cost_center,
        case when allocated.target_type = 'team' then allocated.target_id end as team,
        allocated.driver_quantity,
        allocated.allocated_units
    from allocated
    left join owners on allocated.target_type = owners.owner_type and allocated.target_id = owners.owner_id
    where allocated.target_type not in ('unit', 'tenant')
),

borne as (
    select
        source_number,
        target_type,
        target_id,
        cost_center,
        team,
        cast(null as {{ dbt.type_string() }}) as tenant_id,
        driver_quantity,
        allocated_units
    from owner_borne
    union all
    select
        source_number,
        target_type,
        target_id,
        cost_center,
        team,
        tenant_id,
        driver_quantity,
        allocated_units
    from unit_borne
    union all
    select
        source_number,
        'tenant' as target_type,
        target_id,
        cost_center,
        cast(null as {{ dbt.type_string() }}) as team,
        target_id as tenant_id,
        case when split_units = units then driver_quantity end as driver_quantity,
        split_units as allocated_units
    from split
)

select * from borne
