{{ config(materialized='table') }}
{# How many units with how many requests stand behind each target that bears shared cost: units of equal weight are one
   row, so that two million units stay a small table. A pool of a month is borne by the units that started in it. #}
{% set targets = {
    'cost_center': 'bearing_cost_center', 'team': 'team', 'tenant': 'tenant_id', 'application': 'application',
    'workflow': 'workflow', 'agent': 'agent_id',
} %}
{% set ids = targets.values() | join(', ') %}
with units as (
    select
        cohort_month,
        environment,
        unit_type,
        request_count,
        {{ ids }},
        count(*) as units
    from {{ ref('int_units') }}
    where is_attempted
    group by cohort_month, environment, unit_type, request_count, {{ ids }}
),

bearing_targets as (
    select distinct
        sources.period_month,
        sources.environment,
        allocated.target_type,
        allocated.target_id
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
    where allocated.target_type <> 'unit'
),

matched as (
    {% for target_type, target_id in targets.items() %}
    select
        bearing_targets.period_month,
        bearing_targets.environment,
        bearing_targets.target_type,
        bearing_targets.target_id,
        units.unit_type,
        units.request_count,
        units.units
    from bearing_targets
    inner join units
        on
            bearing_targets.target_type = '{{ target_type }}'
            and bearing_targets.period_month = units.cohort_month
            and bearing_targets.environment = units.environment
            and bearing_targets.target_id = units.{{ target_id }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        request_count,
        sum(units) as units,
        sum(sum(units * request_count)) over (partition by period_month, environment, target_type, target_id) as requests_of_target
    from matched
    group by period_month, environment, target_type, target_id, unit_type, request_count
),

{# Without a single request behind a target its units share evenly. #}
weighed as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        request_count,
        {{ int128('units') }} as units,
        {{ int128('case when requests_of_target = 0 then 1 else request_count end') }} as weight
    from summed
)

select * from weighed
