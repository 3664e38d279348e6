{# The limit in force on a day, by its name in seeds/policy/thresholds.csv. #}
{% macro threshold_join(name, alias, day) -%}
    left join {{ ref('thresholds') }} as {{ alias }}
        on
            {{ alias }}.threshold = '{{ name }}'
            and {{ day }} >= {{ alias }}.valid_from
            and {{ day }} < coalesce({{ alias }}.valid_to, cast('9999-12-31' as date))
{%- endmacro %}
