{# The cost center that bears a record: its own tag, else the owner of its team, workflow, application or agent. #}
{% macro owner_joins(records, owner_types) -%}
    {% for owner_type in owner_types -%}
    left join owners as {{ owner_type }}_owners
        on
            {{ records }}.{{ owner_type if owner_type in ('team', 'workflow', 'application') else owner_type ~ '_id' }} = {{ owner_type }}_owners.owner_id
            and {{ owner_type }}_owners.owner_type = '{{ owner_type }}'
    {% endfor %}
{%- endmacro %}
{# Who bears a call: what it names, else the owner of its team, workflow, application or agent; then of its key, unless several
   share it, and of its account. #}
{% macro call_owner_joins(calls) -%}
    {{ owner_joins(calls, ['team', 'workflow', 'application', 'agent', 'billing_account']) }}
    left join keys on {{ calls }}.period_month = keys.period_month and {{ calls }}.api_key_id = keys.api_key_id
{%- endmacro %}
{% macro known_cost_center(calls) -%}
    coalesce({{ calls }}.cost_center, team_owners.cost_center, workflow_owners.cost_center, application_owners.cost_center, agent_owners.cost_center)
{%- endmacro %}
{% macro call_cost_center(calls) -%}
    case
            when {{ known_cost_center(calls) }} is not null then {{ known_cost_center(calls) }}
            when keys.is_shared then '__unassigned__'
            else coalesce(keys.cost_center, billing_account_owners.cost_center, '__unassigned__')
        end
{%- endmacro %}
{% macro owning_cost_center(records, owner_types) -%}
    coalesce({{ records }}.cost_center, {% for owner_type in owner_types %}{{ owner_type }}_owners.cost_center, {% endfor %}'__unassigned__')
{%- endmacro %}
