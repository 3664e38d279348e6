{{ config(materialized='table') }}
{# The first in rank is the one value of a dimension that stands for the whole unit. #}
{% set dimensions = {'model': 'model', 'prompt_version': 'prompt_version', 'step': 'step', 'agent': 'agent_id'} %}
with call_costs as (
    select * from {{ ref('int_unit_call_costs') }}
),

{% for dimension, column in dimensions.items() -%}
{{ dimension }}_ranked as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        {{ column }},
        coalesce(sum(cost_micros_usd), 0) as call_micros,
        row_number() over (
            partition by environment, unit_type, unit_id, episode_number
            order by coalesce(sum(cost_micros_usd), 0) desc, {{ column }} nulls last
        ) as value_rank
    from call_costs
    group by environment, unit_type, unit_id, episode_number, {{ column }}
),

{% endfor -%}
first_in_rank as (
    {% for dimension in dimensions %}
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        {% for other, column in dimensions.items() -%}
        {{ 'case when value_rank = 1 then ' ~ column ~ ' end' if other == dimension else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ other }},
        {% endfor -%}
        {{ 'call_micros' if loop.first else '0' }} as call_micros
    from {{ dimension }}_ranked
    {{ 'where value_rank = 1' if not loop.first }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

led as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        {% for dimension in dimensions -%}
        max({{ dimension }}) as {{ dimension }},
        {% endfor -%}
        sum(call_micros) as call_micros
    from first_in_rank
    group by environment, unit_type, unit_id, episode_number
)

select * from led
