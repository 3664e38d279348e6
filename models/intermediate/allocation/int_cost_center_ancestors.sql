{# Every cost center under itself and under each center above it. Six levels are as deep as policy may go; a test stops
   the build where a chain does not end by then. #}
{% set levels = range(1, 7) %}
with cost_centers as (
    select
        cost_center,
        parent_cost_center
    from {{ ref('cost_centers') }}
),

level_0 as (
    select
        cost_center,
        cost_center as ancestor
    from cost_centers
),

{% for level in levels -%}
level_{{ level }} as (
    select
        below.cost_center,
        cost_centers.parent_cost_center as ancestor
    from level_{{ level - 1 }} as below
    inner join cost_centers on below.ancestor = cost_centers.cost_center
    where cost_centers.parent_cost_center is not null
),

{% endfor -%}
listed as (
    {% for level in range(0, 7) -%}
    select * from level_{{ level }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from listed
