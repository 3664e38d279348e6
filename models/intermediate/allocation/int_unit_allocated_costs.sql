{{ config(materialized='table') }}
{# What each unit bears of the pools, one pass over the units. Only units of a row that has steps for some of them, not
   for all, are ranked. #}
{% set targets = {
    'cost_center': 'bearing_cost_center', 'team': 'team', 'tenant': 'tenant_id', 'application': 'application',
    'workflow': 'workflow', 'agent': 'agent_id',
} %}
with units as (
    select * from {{ ref('int_units') }} where is_attempted
),

parts as (
    select * from {{ ref('int_unit_weight_parts') }} where base_units <> 0 or extra_units > 0
),

direct_targets as (
    select
        drivers.environment,
        drivers.unit_type,
        drivers.unit_id,
        drivers.episode_number,
        sum(allocated.allocated_units) as allocated_units
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
    inner join {{ ref('int_allocation_unit_drivers') }} as drivers
        on
            allocated.target_id = drivers.target_id
            and sources.environment = drivers.environment
            and sources.driver_month = drivers.period_month
    where allocated.target_type = 'unit'
    group by drivers.environment, drivers.unit_type, drivers.unit_id, drivers.episode_number
),

shared as (
    select
        units.environment,
        units.unit_type,
        units.unit_id,
        units.episode_number,
        {% for target_type in targets -%}
        coalesce({{ target_type }}_parts.base_units, 0)
        + case when {{ target_type }}_parts.extra_units = {{ target_type }}_parts.unit_count then {{ target_type }}_parts.step else 0 end
        {{ '+' if not loop.last }}
        {% endfor -%}
        as allocated_units,
        coalesce(direct_targets.allocated_units, 0) as direct_target_units
    from units
    {% for target_type, target_id in targets.items() -%}
    left join parts as {{ target_type }}_parts
        on
            {{ target_type }}_parts.target_type = '{{ target_type }}'
            and units.cohort_month = {{ target_type }}_parts.period_month
            and units.environment = {{ target_type }}_parts.environment
            and units.{{ target_id }} = {{ target_type }}_parts.target_id
            and units.unit_type = {{ target_type }}_parts.unit_type
            and units.request_count = {{ target_type }}_parts.request_count
    {% endfor -%}
    left join direct_targets
        on
            units.environment = direct_targets.environment
            and units.unit_type = direct_targets.unit_type
            and units.unit_id = direct_targets.unit_id
            and units.episode_number = direct_targets.episode_number
),

partly as (
    {% for target_type, target_id in targets.items() %}
    select
        units.environment,
        units.unit_type,
        units.unit_id,
        units.episode_number,
        parts.step,
        parts.extra_units,
        row_number() over (
            partition by parts.period_month, parts.environment, parts.target_id, parts.unit_type order by units.unit_id, units.episode_number
        ) as turn
    from units
    inner join parts
        on
            parts.target_type = '{{ target_type }}'
            and parts.extra_units > 0
            and parts.extra_units < parts.unit_count
            and units.cohort_month = parts.period_month
            and units.environment = parts.environment
            and units.{{ target_id }} = parts.target_id
            and units.unit_type = parts.unit_type
            and units.request_count = parts.request_count
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

extras as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        sum(step) as extra_units
    from partly
    where turn <= extra_units
    group by environment, unit_type, unit_id, episode_number
),

summed as (
    select
        shared.environment,
        shared.unit_type,
        shared.unit_id,
        shared.episode_number,
        {{ pico_to_ledger('shared.allocated_units + shared.direct_target_units + coalesce(extras.extra_units, 0)') }} as allocated_cost_usd
    from shared
    left join extras
        on
            shared.environment = extras.environment
            and shared.unit_type = extras.unit_type
            and shared.unit_id = extras.unit_id
            and shared.episode_number = extras.episode_number
)

select * from summed
