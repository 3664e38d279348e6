{# CTE `reached` (scope columns, node_id, ancestor_id, distance): each step doubles the reach, so that `doublings` steps find
   ancestors up to 2 ^ doublings levels above; no recursion, and a circle of parents ends. #}
{% macro ancestors(doublings, nodes, scope, node, parent) -%}
{% set scoped = scope | join(', ') -%}
reach_0 as (
    select {{ scoped }}, {{ node }} as node_id, {{ parent }} as ancestor_id, 1 as distance
    from {{ nodes }}
    where {{ parent }} is not null
),

{% for step in range(1, doublings + 1) -%}
reach_{{ step }} as (
    select * from reach_{{ step - 1 }}
    union
    select
        {% for column in scope %}near.{{ column }}, {% endfor %}near.node_id, far.ancestor_id, near.distance + far.distance as distance
    from reach_{{ step - 1 }} as near
    inner join reach_{{ step - 1 }} as far
        on {% for column in scope %}near.{{ column }} = far.{{ column }} and {% endfor %}near.ancestor_id = far.node_id
),

{% endfor -%}
reached as (
    select {{ scoped }}, node_id, ancestor_id, min(distance) as distance
    from reach_{{ doublings }}
    group by {{ scoped }}, node_id, ancestor_id
)
{%- endmacro %}
