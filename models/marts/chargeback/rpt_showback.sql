{% set keys = ['period_month', 'environment', 'cost_center', 'team', 'tenant_id'] %}
with direct_costs as (
    select
        {{ keys | join(',\n        ') }},
        cost_usd as direct_cost_usd,
        0 as allocated_cost_usd,
        0 as units
    from {{ ref('int_direct_costs_monthly') }}
    where untraced_key_id is null
),

pool_costs as (
    select
        sources.period_month,
        sources.environment,
        borne.cost_center,
        borne.team,
        borne.tenant_id,
        0 as direct_cost_usd,
        {{ pico_to_ledger('borne.allocated_units') }} as allocated_cost_usd,
        0 as units
    from {{ ref('int_allocated_costs_borne') }} as borne
    inner join {{ ref('int_allocation_sources') }} as sources on borne.source_number = sources.source_number
),

attempted_units as (
    select
        cohort_month as period_month,
        environment,
        bearing_cost_center as cost_center,
        team,
        tenant_id,
        0 as direct_cost_usd,
        0 as allocated_cost_usd,
        count(*) as units
    from {{ ref('int_units') }}
    where is_attempted and state <> 'cancelled'
    group by cohort_month, environment, bearing_cost_center, team, tenant_id
),

listed as (
    select * from direct_costs
    union all
    select * from pool_costs
    union all
    select * from attempted_units
),

summed as (
    select
        {{ keys | join(',\n        ') }},
        {{ ledger('sum(direct_cost_usd)') }} as direct_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {{ ledger('sum(direct_cost_usd) + sum(allocated_cost_usd)') }} as total_cost_usd,
        cast(sum(units) as bigint) as units
    from listed
    group by {{ keys | join(', ') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

compared as (
    select
        summed.*,
        cost_centers.name as cost_center_name,
        cost_centers.parent_cost_center,
        earlier.total_cost_usd as previous_total_cost_usd
    from summed
    left join summed as earlier
        on
            summed.period_month = {{ add_months('earlier.period_month', 1) }}
            and summed.environment = earlier.environment
            and summed.cost_center = earlier.cost_center
            and coalesce(summed.team, '') = coalesce(earlier.team, '')
            and coalesce(summed.tenant_id, '') = coalesce(earlier.tenant_id, '')
    left join cost_centers on summed.cost_center = cost_centers.cost_center
),

changed as (
    select
        period_month,
        environment,
        cost_center,
        cost_center_name,
        parent_cost_center,
        team,
        tenant_id,
        direct_cost_usd,
        allocated_cost_usd,
        total_cost_usd,
        units,
        previous_total_cost_usd,
        {{ ledger('total_cost_usd - previous_total_cost_usd') }} as change_usd,
        {{ money_ratio('(total_cost_usd - previous_total_cost_usd)', 'previous_total_cost_usd') }} as change
    from compared
)

select * from changed
