with teams as (
    select * from {{ ref('teams') }}
),

described as (
    select
        team,
        name,
        cost_center
    from teams
)

select * from described
