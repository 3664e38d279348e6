{{ config(materialized='table') }}
{# The first in rank is the one value of a dimension that stands for the whole unit. A charge that names no step or agent
   ranks for none: it follows its unit. #}
{% set dimensions = {'model': 'model', 'prompt_version': 'prompt_version', 'step': 'step', 'agent': 'agent_id'} %}
{% set charged = ['step', 'agent'] %}
with call_costs as (
    select * from {{ ref('int_unit_call_costs') }} where unit_id is not null
),

charge_costs as (
    select * from {{ ref('int_unit_charge_costs') }}
),

{% for dimension, column in dimensions.items() -%}
{{ dimension }}_told as (
    select environment, unit_type, unit_id, episode_number, {{ column }}, cost_micros_usd from call_costs
    {% if dimension in charged -%}
    union all
    select environment, unit_type, unit_id, episode_number, {{ column }}, cost_micros_usd from charge_costs where {{ column }} is not null
    {%- endif %}
),

{{ dimension }}_ranked as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        {{ column }},
        {{ 'sum(cost_micros_usd)' if loop.first else '0' }} as told_micros,
        row_number() over (
            partition by environment, unit_type, unit_id, episode_number
            order by coalesce(sum(cost_micros_usd), 0) desc, {{ column }} nulls last
        ) as value_rank
    from {{ dimension }}_told
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
        told_micros
    from {{ dimension }}_ranked
    {{ 'where value_rank = 1' if not loop.first }}
    union all
    {% endfor %}
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        {% for dimension in dimensions -%}
        cast(null as {{ dbt.type_string() }}) as {{ dimension }},
        {% endfor -%}
        cost_micros_usd as told_micros
    from charge_costs
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
        sum(told_micros) as told_micros
    from first_in_rank
    group by environment, unit_type, unit_id, episode_number
)

select * from led
