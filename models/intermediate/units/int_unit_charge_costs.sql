{{ config(materialized='table') }}
{# Metered charges with their unit and its episode, for all that asks what charges cost a unit. #}
with charges as (
    select * from {{ ref('int_metered_costs_attributed') }} where unit_type is not null and unit_id is not null
),

later_episodes as (
    select * from {{ ref('int_unit_later_episodes') }}
),

placed as (
    select
        charges.*,
        coalesce(later_episodes.episode_number, 1) as episode_number
    from charges
    left join later_episodes
        on
            charges.environment = later_episodes.environment
            and charges.unit_type = later_episodes.unit_type
            and charges.unit_id = later_episodes.unit_id
            and charges.occurred_at >= later_episodes.starts_at
            and charges.occurred_at < later_episodes.ends_at
)

select * from placed
