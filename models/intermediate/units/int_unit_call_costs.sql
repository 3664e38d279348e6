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
        {{ month_of('calls.occurred_at') }} as cost_month,
        case
            when superseding.by_fallback then 'superseded_fallback'
            when superseding.request_id is not null then 'superseded_retry'
            when calls.status in ('error', 'timeout', 'cancelled') then 'failed_final'
            else 'final'
        end as call_class,
        count(*) as attempts,
        sum(case when calls.paid_input_micros is not null then 1 else 0 end) as lever_attempts,
        sum(
            case
                when calls.paid_input_micros is null then 0
                when coalesce(calls.attempt_number, 1) = 1 and not coalesce(calls.is_fallback, false) then 1
                else 0
            end
        ) as lever_calls,
        sum(case when calls.paid_input_micros is not null then calls.input_tokens else 0 end) as lever_input_tokens,
        sum(case when calls.paid_input_micros is not null then calls.output_tokens else 0 end) as lever_output_tokens,
        coalesce(sum(calls.uncached_price_micros), 0) as uncached_price_micros,
        coalesce(sum(calls.paid_input_micros), 0) as paid_input_micros,
        coalesce(sum(case when calls.paid_input_micros is not null then calls.output_micros end), 0) as paid_output_micros,
        coalesce(sum(calls.cost_micros_usd), 0) as cost_micros_usd
    from calls
    left join later_episodes
        on
            calls.environment = later_episodes.environment
            and calls.unit_type = later_episodes.unit_type
            and calls.unit_id = later_episodes.unit_id
            and calls.occurred_at >= later_episodes.starts_at
            and calls.occurred_at < later_episodes.ends_at
    left join superseding on calls.source_system = superseding.source_system and calls.request_id = superseding.request_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)

select * from summed
