{# One scan for many rules: each rule is a condition that must be true on every row; null counts as broken. #}
{% test holds(model, rules) %}
with counted as (
    select
        {% for name, condition in rules.items() -%}
        sum(case when {{ condition }} then 0 else 1 end) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
)

{% for name in rules %}
select
    '{{ name }}' as broken_rule,
    {{ name }} as broken_rows
from counted
where {{ name }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
