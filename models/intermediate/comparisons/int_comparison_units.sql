{{ config(materialized='table') }}
{# The settled production units of each comparison, with their arm, stratum and cluster. Strata are named by policy: an
   attribute that the source system sent, or a dimension of the unit. #}
{% set dimensions = ['tenant_id', 'team', 'agent_id', 'application', 'workflow', 'cost_center', 'cohort'] %}
with comparisons as (
    select * from {{ ref('comparisons') }}
),

units as (
    select * from {{ ref('fct_units') }} where environment = 'production' and is_attempted and is_final
),

attributes as (
    select environment, unit_type, unit_id, episode_number, attributes from {{ ref('int_units') }}
),

leading_values as (
    select * from {{ ref('int_unit_leading_values') }}
),

strata as (
    {% for position in range(1, 5) %}
    select
        comparison_id,
        {{ position }} as position,
        {{ split_item('strata', ';', position) }} as stratum_name
    from comparisons
    where {{ split_item('strata', ';', position) }} <> ''
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

armed as (
    select
        comparisons.comparison_id,
        comparisons.cluster,
        comparisons.confidence_level,
        {% for column in ['unit_type', 'unit_id', 'episode_number', 'state', 'total_cost_usd'] + dimensions -%}
        units.{{ column }},
        {% endfor -%}
        attributes.attributes,
        case
            case comparisons.arm_dimension
                when 'cohort' then units.cohort
                when 'model' then leading_values.model
                when 'prompt_version' then leading_values.prompt_version
                when 'agent' then leading_values.agent
            end
            when comparisons.baseline_arm then 'baseline'
            when comparisons.treatment_arm then 'treatment'
        end as arm
    from comparisons
    inner join units
        on
            comparisons.unit_type = units.unit_type
            and (comparisons.workflow is null or comparisons.workflow = units.workflow)
            and comparisons.from_date <= units.cohort_date
            and comparisons.to_date > units.cohort_date
    left join leading_values
        on
            units.environment = leading_values.environment
            and units.unit_type = leading_values.unit_type
            and units.unit_id = leading_values.unit_id
            and units.episode_number = leading_values.episode_number
    left join attributes
        on
            units.environment = attributes.environment
            and units.unit_type = attributes.unit_type
            and units.unit_id = attributes.unit_id
            and units.episode_number = attributes.episode_number
),

named as (
    select
        armed.comparison_id,
        armed.unit_type,
        armed.unit_id,
        armed.episode_number,
        strata.position,
        coalesce(
            case strata.stratum_name
                {% for dimension in dimensions -%}
                when '{{ dimension }}' then armed.{{ dimension }}
                {% endfor -%}
                else {{ json_text('armed.attributes', 'strata.stratum_name') }}
            end,
            'unknown'
        ) as stratum_value
    from armed
    inner join strata on armed.comparison_id = strata.comparison_id
    where armed.arm is not null
),

joined_names as (
    select
        comparison_id,
        unit_type,
        unit_id,
        episode_number,
        concat(
            max(case when position = 1 then stratum_value end),
            {% for position in range(2, 5) -%}
            case when max(position) >= {{ position }} then concat(' | ', max(case when position = {{ position }} then stratum_value end)) else '' end{{ ',' if not loop.last }}
            {% endfor %}
        ) as stratum
    from named
    group by comparison_id, unit_type, unit_id, episode_number
),

placed as (
    select
        armed.comparison_id,
        armed.arm,
        armed.confidence_level,
        coalesce(joined_names.stratum, 'all') as stratum,
        armed.unit_id,
        armed.episode_number,
        case
            when armed.cluster = 'tenant' then coalesce(armed.tenant_id, armed.unit_id)
            else concat(armed.unit_id, '/', cast(armed.episode_number as {{ dbt.type_string() }}))
        end as cluster_id,
        armed.total_cost_usd as cost_usd,
        case when armed.state = 'success' then 1 else 0 end as success
    from armed
    left join joined_names
        on
            armed.comparison_id = joined_names.comparison_id
            and armed.unit_type = joined_names.unit_type
            and armed.unit_id = joined_names.unit_id
            and armed.episode_number = joined_names.episode_number
    where armed.arm is not null
)

select * from placed
