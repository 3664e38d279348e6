{% set dimensions = ['period_month', 'environment', 'application', 'endpoint', 'tenant_id'] %}
with usage as (
    select * from {{ ref('int_usage_costs_owned') }}
),

units as (
    select * from {{ ref('fct_units') }} where episode_number = 1
),

pools as (
    select * from {{ ref('fct_allocated_costs') }}
),

called as (
    select
        usage.period_month,
        usage.environment,
        usage.application,
        usage.endpoint,
        usage.tenant_id,
        usage.requests,
        usage.requests_with_usage,
        usage.usage_events,
        case when usage.cost_basis in ('repriced_contract', 'repriced_list', 'reported') then usage.requests else 0 end as requests_priced,
        case when usage.has_unit then usage.requests else 0 end as requests_with_unit,
        0 as units_with_outcome,
        {# What came through a shared key untraced is counted with the key. #}
        case when usage.untraced_key_id is null then usage.cost_usd else 0 end as cost_usd,
        case when usage.bearing_cost_center = '__unassigned__' then 0 else usage.cost_usd end as allocated_cost_usd
    from usage
),

concluded as (
    select
        cohort_month as period_month,
        environment,
        application,
        cast(null as {{ dbt.type_string() }}) as endpoint,
        tenant_id,
        0 as requests,
        0 as requests_with_usage,
        0 as usage_events,
        0 as requests_priced,
        0 as requests_with_unit,
        case when outcome_at is not null then 1 else 0 end as units_with_outcome,
        cast(0 as decimal(38, 12)) as cost_usd,
        cast(0 as decimal(38, 12)) as allocated_cost_usd
    from units
),

pooled as (
    select
        period_month,
        environment,
        cast(null as {{ dbt.type_string() }}) as application,
        case when source_type = 'api_key' then 'shared_key' else 'shared_cost' end as endpoint,
        cast(null as {{ dbt.type_string() }}) as tenant_id,
        0 as requests,
        0 as requests_with_usage,
        0 as usage_events,
        0 as requests_priced,
        0 as requests_with_unit,
        0 as units_with_outcome,
        allocated_amount_usd as cost_usd,
        case when target_id = '__unallocated__' then 0 else allocated_amount_usd end as allocated_cost_usd
    from pools
),

everything as (
    select * from called
    union all
    select * from concluded
    union all
    select * from pooled
),

summed as (
    select
        {{ dimensions | join(',\n        ') }},
        {% for count in ['requests', 'usage_events', 'requests_with_usage', 'requests_priced', 'requests_with_unit', 'units_with_outcome'] -%}
        cast(sum({{ count }}) as bigint) as {{ count }},
        {% endfor -%}
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {{ ledger('sum(cost_usd - allocated_cost_usd)') }} as unallocated_cost_usd,
        {{ ledger('sum(case when cost_usd > 0 then cost_usd else 0 end)') }} as gross_cost_usd
    from everything
    group by {{ dimensions | join(', ') }}
),

reported as (
    select
        *,
        {# Credits would make the base smaller and the gap look larger. #}
        {{ money_ratio('(gross_cost_usd - unallocated_cost_usd)', 'gross_cost_usd') }} as allocation_coverage
    from summed
)

select * from reported
