{{ config(materialized='table') }}
{# Priced once for all that asks what calls cost a unit: the ledger, every breakdown by model, prompt, step or agent, the
   waste and the levers. A call without a unit stands here without one. Summing here would cost more than it saves: hardly two calls of a unit are alike. #}
{% set measures = [
    'layer', 'requests', 'attempt_number', 'is_fallback', 'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens',
    'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens', 'cost_status', 'is_estimated', 'retrieved_tokens', 'uncached_price_micros',
    'paid_input_micros', 'output_micros', 'cost_micros_usd',
] %}
with calls as (
    select * from {{ ref('int_usage_costs_attributed') }}
),

later_episodes as (
    select * from {{ ref('int_unit_later_episodes') }}
),

superseding as (
    select * from {{ ref('int_superseded_calls') }}
),

superseding_shared as (
    select * from superseding where unit_id is null
),

classed as (
    select
        calls.environment,
        calls.unit_type,
        case when calls.unit_type is not null then calls.unit_id end as unit_id,
        coalesce(later_episodes.episode_number, 1) as episode_number,
        calls.occurred_at,
        calls.application,
        calls.workflow,
        calls.agent_id,
        calls.tenant_id,
        calls.is_split,
        calls.team,
        calls.cost_center,
        coalesce(calls.model, calls.reported_model) as model,
        calls.prompt_version,
        calls.step,
        case
            when superseding.by_fallback or superseding_shared.by_fallback then 'superseded_fallback'
            when superseding.request_id is not null or superseding_shared.request_id is not null then 'superseded_retry'
            when calls.status in ('error', 'timeout', 'cancelled') then 'failed_final'
            else 'final'
        end as call_class,
        {% for measure in measures -%}
        calls.{{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from calls
    left join later_episodes
        on
            calls.environment = later_episodes.environment
            and calls.unit_type = later_episodes.unit_type
            and calls.unit_id = later_episodes.unit_id
            and calls.occurred_at >= later_episodes.starts_at
            and calls.occurred_at < later_episodes.ends_at
    left join superseding
        on
            calls.source_system = superseding.source_system
            and calls.request_id = superseding.request_id
            and calls.environment = superseding.environment
            and calls.unit_type = superseding.unit_type
            and calls.unit_id = superseding.unit_id
    left join superseding_shared
        on
            calls.source_system = superseding_shared.source_system
            and calls.request_id = superseding_shared.request_id
            and calls.environment = superseding_shared.environment
)

select * from classed
