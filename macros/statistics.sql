{# A statistic leaves floating point at nine decimals: more would differ between engines. #}
{% macro statistic(x) -%}
    cast(round({{ x }}, 9) as decimal(38, 12))
{%- endmacro %}
