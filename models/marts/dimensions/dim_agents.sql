with agents as (
    select * from {{ ref('agents') }}
),

described as (
    select
        agent_id,
        name,
        workflow,
        team,
        started_on,
        productivity_target_per_day,
        quality_floor,
        retired_on
    from agents
)

select * from described
