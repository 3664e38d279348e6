{{ config(materialized='table') }}
{# Where the call cost of an episode arose: the grain from which every breakdown by model, prompt, step or agent is taken. #}
with calls as (
    select * from {{ ref('int_usage_costs_attributed') }} where unit_type is not null and unit_id is not null
),

later_episodes as (
    select * from {{ ref('int_unit_later_episodes') }}
),

{# A call that a later one names as the call it retries was superseded: by a retry, or by a fallback to another model. #}
superseding as (
    select
        source_system,
        retry_of_request_id as request_id,
        max(case when is_fallback then 1 else 0 end) = 1 as by_fallback
    from {{ ref('int_usage_events') }}
    where retry_of_request_id is not null
    group by source_system, retry_of_request_id
),

classed as (
    select
        calls.*,
        coalesce(later_episodes.episode_number, 1) as episode_number,
        coalesce(calls.model, calls.reported_model) as priced_model,
        {{ month_of('calls.occurred_at') }} as cost_month,
        calls.paid_input_micros is not null as is_driven,
        case
            when superseding.by_fallback then 'superseded_fallback'
            when superseding.request_id is not null then 'superseded_retry'
            when calls.status in ('error', 'timeout', 'cancelled') then 'failed_final'
            else 'final'
        end as call_class
    from calls
    left join later_episodes
        on
            calls.environment = later_episodes.environment
            and calls.unit_type = later_episodes.unit_type
            and calls.unit_id = later_episodes.unit_id
            and calls.occurred_at >= later_episodes.starts_at
            and calls.occurred_at < later_episodes.ends_at
    left join superseding on calls.source_system = superseding.source_system and calls.request_id = superseding.request_id
),

summed as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        priced_model as model,
        prompt_version,
        step,
        agent_id,
        cost_month,
        call_class,
        count(*) as attempts,
        sum(case when is_driven then 1 else 0 end) as lever_attempts,
        sum(case when is_driven and coalesce(attempt_number, 1) = 1 and not coalesce(is_fallback, false) then 1 else 0 end) as lever_calls,
        sum(case when is_driven then input_tokens else 0 end) as lever_input_tokens,
        sum(case when is_driven then output_tokens else 0 end) as lever_output_tokens,
        coalesce(sum(uncached_price_micros), 0) as uncached_price_micros,
        coalesce(sum(paid_input_micros), 0) as paid_input_micros,
        coalesce(sum(case when is_driven then output_micros end), 0) as paid_output_micros,
        coalesce(sum(cost_micros_usd), 0) as cost_micros_usd
    from classed
    group by
        environment, unit_type, unit_id, episode_number, priced_model, prompt_version, step, agent_id, cost_month, call_class
)

select * from summed
