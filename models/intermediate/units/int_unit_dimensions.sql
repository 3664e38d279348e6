{# What is known of a unit as a whole, for records that name only the unit: what its source system says, else the first of
   what its calls and charges say. Calls are read for the units that a review names. #}
{% set dimensions = ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center'] %}
with outcomes as (
    select
        environment,
        unit_type,
        unit_id,
        {% for dimension in dimensions -%}
        min({{ dimension }}) as {{ dimension }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_unit_outcomes') }}
    group by environment, unit_type, unit_id
),

reviewed as (
    select
        environment,
        unit_type,
        unit_id
    from {{ ref('int_human_reviews_versions') }}
    group by environment, unit_type, unit_id
),

told as (
    select environment, unit_type, unit_id, is_split, {{ dimensions | join(', ') }} from {{ ref('int_unit_call_costs') }}
    union all
    select environment, unit_type, unit_id, is_split, {{ dimensions | join(', ') }} from {{ ref('int_unit_charge_costs') }}
),

costs as (
    select
        told.environment,
        told.unit_type,
        told.unit_id,
        {# As in the ledger: the tenant of a shared session serves where no other is told. #}
        {% for dimension in dimensions -%}
        {{ 'coalesce(min(case when not told.is_split then told.tenant_id end), min(told.tenant_id))' if dimension == 'tenant_id' else 'min(told.' ~ dimension ~ ')' }} as {{ dimension }}{{ ',' if not loop.last }}
        {% endfor %}
    from told
    inner join reviewed
        on told.environment = reviewed.environment and told.unit_type = reviewed.unit_type and told.unit_id = reviewed.unit_id
    group by told.environment, told.unit_type, told.unit_id
),

described as (
    select
        coalesce(outcomes.environment, costs.environment) as environment,
        coalesce(outcomes.unit_type, costs.unit_type) as unit_type,
        coalesce(outcomes.unit_id, costs.unit_id) as unit_id,
        {% for dimension in dimensions -%}
        coalesce(outcomes.{{ dimension }}, costs.{{ dimension }}) as {{ dimension }}{{ ',' if not loop.last }}
        {% endfor %}
    from outcomes
    full outer join costs
        on outcomes.environment = costs.environment and outcomes.unit_type = costs.unit_type and outcomes.unit_id = costs.unit_id
)

select * from described
