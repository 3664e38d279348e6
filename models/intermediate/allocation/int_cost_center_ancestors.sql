{# Every cost center under itself and under each center above it. Six levels are as deep as policy may go; a test stops
   the build where a chain does not end by then. #}
{% set levels = range(1, 7) %}
with level_0 as (
    select
        cost_center,
        cost_center as ancestor
    from {{ ref('cost_centers') }}
),

parents as (
    select
        cost_center,
        parent_cost_center
    from {{ ref('cost_centers') }}
    where parent_cost_center is not null
),

{% for level in levels -%}
level_{{ level }} as (
    select
        below.cost_center,
        parents.parent_cost_center as ancestor
    from level_{{ level - 1 }} as below
    inner join parents on below.ancestor = parents.cost_center
),

{% endfor -%}
listed as (
    {% for level in range(0, 7) -%}
    select * from level_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from listed
