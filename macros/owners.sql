{# The cost center that bears a record: its own tag, else the owner of its team, workflow, application or agent. #}
{% macro owner_joins(records, owner_types) -%}
    {% for owner_type in owner_types -%}
    left join owners as {{ owner_type }}_owners
        on
            {{ records }}.{{ owner_type if owner_type in ('team', 'workflow', 'application') else owner_type ~ '_id' }} = {{ owner_type }}_owners.owner_id
            and {{ owner_type }}_owners.owner_type = '{{ owner_type }}'
    {% endfor %}
{%- endmacro %}
{% macro owning_cost_center(records, owner_types) -%}
    coalesce({{ records }}.cost_center, {% for owner_type in owner_types %}{{ owner_type }}_owners.cost_center, {% endfor %}'__unassigned__')
{%- endmacro %}
