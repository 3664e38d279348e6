with cost_centers as (
    select * from {{ ref('cost_centers') }}
),

described as (
    select
        cost_center,
        name,
        parent_cost_center,
        entity
    from cost_centers
)

select * from described
