{# What the source systems say of a unit as a whole, for records that name only the unit. #}
with outcomes as (
    select * from {{ ref('int_unit_outcomes') }}
),

described as (
    select
        environment,
        unit_type,
        unit_id,
        min(application) as application,
        min(workflow) as workflow,
        min(agent_id) as agent_id,
        min(tenant_id) as tenant_id,
        min(team) as team,
        min(cost_center) as cost_center
    from outcomes
    group by environment, unit_type, unit_id
)

select * from described
