{# The bound of a defaulted as_of. With as_of set, nothing reads the clock. #}
{% macro run_start() -%}
    {%- if checked_var('as_of') is none -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
    {%- else -%}
    cast('9999-12-31' as timestamp)
    {%- endif -%}
{%- endmacro %}

{# Reasons that depend on the moment the marts speak from, added to those of the record itself. #}
{% macro time_rules(occurred_at, ingested_at=none) %}
    {% set rules = {'future_timestamp': occurred_at ~ ' > clock.latest_accepted_at' ~ (' or ' ~ ingested_at ~ ' > clock.latest_accepted_at' if ingested_at else '')} %}
    {% if checked_var('earliest_date') is not none %}
        {% do rules.update({'before_start': occurred_at ~ " < cast('" ~ checked_var('earliest_date') ~ "' as timestamp)"}) %}
    {% endif %}
    {{ return(rules) }}
{% endmacro %}

{# The accounting period of a day, YYYY-MM, and the first day of a period. #}
{% macro period_of(x) -%} substring(cast({{ x }} as {{ dbt.type_string() }}), 1, 7) {%- endmacro %}
{% macro month_of_period(x) -%} cast(concat({{ x }}, '-01') as date) {%- endmacro %}

{# When a record became known: as its system says, else when it happened. The slot tells late knowledge apart. #}
{% macro known_at(ingested_at, occurred_at) -%} coalesce({{ ingested_at }}, {{ occurred_at }}) {%- endmacro %}
{% macro knowledge_slot_join(occurred_at, known_at) -%}
    left join {{ ref('int_knowledge_slots') }} as slots
        on
            {{ month_of(occurred_at) }} = slots.period_month
            and {{ known_at }} >= slots.known_from
            and {{ known_at }} < slots.known_to
{%- endmacro %}

{# Whole months from one first of the month to another. #}
{% macro count_months(a, b) -%}
    cast((extract(year from {{ b }}) - extract(year from {{ a }})) * 12 + extract(month from {{ b }}) - extract(month from {{ a }}) as integer)
{%- endmacro %}
