{{ config(materialized='table') }}
{# Where the call cost of an episode arose: the grain from which every breakdown by model, prompt, step or agent is taken. #}
with calls as (
    select * from {{ ref('int_usage_costs_attributed') }} where unit_type is not null and unit_id is not null
),

later_episodes as (
    select * from {{ ref('int_unit_later_episodes') }}
),

summed as (
    select
        calls.environment,
        calls.unit_type,
        calls.unit_id,
        coalesce(later_episodes.episode_number, 1) as episode_number,
        coalesce(calls.model, calls.reported_model) as model,
        calls.prompt_version,
        calls.step,
        calls.agent_id,
        count(*) as attempts,
        coalesce(sum(calls.cost_micros_usd), 0) as cost_micros_usd
    from calls
    left join later_episodes
        on
            calls.environment = later_episodes.environment
            and calls.unit_type = later_episodes.unit_type
            and calls.unit_id = later_episodes.unit_id
            and calls.occurred_at >= later_episodes.starts_at
            and calls.occurred_at < later_episodes.ends_at
    group by 1, 2, 3, 4, 5, 6, 7, 8
)

select * from summed
