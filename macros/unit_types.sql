{# A record's rules by its type and workflow, else those of its type: own_rules and type_rules of int_unit_type_rules. #}
{% macro unit_rule_joins(records, unit_type='unit_type', workflow='workflow') -%}
    left join rules as own_rules
        on
            {{ records }}.{{ unit_type }} = own_rules.unit_type
            and {{ records }}.{{ workflow }} = own_rules.workflow
    left join rules as type_rules
        on
            {{ records }}.{{ unit_type }} = type_rules.unit_type
            and type_rules.workflow is null
{%- endmacro %}

{# The targets in force on a day: those of the type in its workflow, else those of the type. #}
{% macro unit_target_joins(records, workflow, day) -%}
    {% for name, condition in {'own_targets': records ~ '.' ~ workflow ~ ' = own_targets.workflow', 'type_targets': 'type_targets.workflow is null'}.items() -%}
    left join targets as {{ name }}
        on
            {{ records }}.unit_type = {{ name }}.unit_type
            and {{ condition }}
            and {{ day }} >= {{ name }}.starts_on
            and {{ day }} < {{ name }}.ends_on
    {% endfor %}
{%- endmacro %}
