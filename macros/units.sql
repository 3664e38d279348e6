{# A fact on which the state of a unit can turn. A unit with one of them at most has one episode, whatever their order. #}
{% macro is_deciding_fact() -%}
    (event_type = 'reopened' or classification in ('success', 'failed', 'escalated', 'cancelled'))
{%- endmacro %}
