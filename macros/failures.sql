{# What overlaps, where, and what to do about it. #}
{% macro overlap_sentence(model, key, reason) %}
    {%- set seed = (model | string).replace('"', '').split('.')[-1] -%}
    '{{ reason }} in {{ seed }}: '
    {% for column in key -%}
    || '{{ column }} ' || coalesce(cast({{ column }} as {{ dbt.type_string() }}), 'empty') || ', '
    {% endfor -%}
    || 'the range from ' || coalesce(cast(starts_at as {{ dbt.type_string() }}), 'the beginning')
    || ' must end after it starts and by the time the next one starts, '
    || coalesce(cast(next_starts_at as {{ dbt.type_string() }}), 'if any') || '; correct valid_to in {{ seed }}.csv'
{% endmacro %}

{# A test's rows as one message: the build stops with the first sentence and the number of the others. #}
{% macro one_sentence(sentences) %}
counted as (
    select
        min(sentence) as sentence,
        count(*) as sentences
    from {{ sentences }}
)

select *
from counted
where case when sentences > 0 then cast({{ raise_error(
    "sentence || case when sentences > 1 then ' (and ' || cast(sentences - 1 as " ~ dbt.type_string() ~ ") || ' more)' else '' end"
) }} as boolean) else false end
{% endmacro %}
