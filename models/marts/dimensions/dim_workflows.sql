with workflows as (
    select * from {{ ref('workflows') }}
),

unit_types as (
    select * from {{ ref('unit_types') }} where is_primary
),

described as (
    select
        workflows.workflow,
        workflows.name,
        workflows.team,
        workflows.cost_center,
        workflows.business_unit,
        min(unit_types.unit_type) as primary_unit_type
    from workflows
    left join unit_types on workflows.workflow = unit_types.workflow
    group by 1, 2, 3, 4, 5
)

select * from described
