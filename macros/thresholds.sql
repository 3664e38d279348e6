{# The limit in force on a day, by its name in seeds/policy/thresholds.csv. #}
{% macro threshold_join(name, alias, day) -%}
    left join {{ ref('thresholds') }} as {{ alias }}
        on
            {{ alias }}.threshold = '{{ name }}'
            and {{ day }} >= {{ alias }}.valid_from
            and {{ day }} < coalesce({{ alias }}.valid_to, cast('9999-12-31' as date))
{%- endmacro %}

{# Whether a cohort is settled: the share of its units that are decided reaches the one that `threshold_join` found for
   its day, or all of them where policy names none. An empty cohort is settled. #}
{% macro is_mature(final_units, attempted_units, threshold) -%}
    ({{ final_units }}) >= coalesce({{ threshold }}, 1) * ({{ attempted_units }})
{%- endmacro %}
