{{ config(materialized='table') }}
{# The unit ledger: what happened to each episode and what it cost directly. One table, written once. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
{% set facts = [
    'cohort', 'attributes', 'opened_at', 'resolved_at', 'rejected_at', 'reopened_at', 'cancelled_at', 'reopen_count',
    'escalation_reason', 'csat', 'value_micros_usd', 'reopen_window_hours',
] %}
{% set measures = [
    'request_count', 'attempt_count', 'retry_count', 'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens',
    'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens', 'unpriced_request_count', 'usage_missing_count',
] %}
with outcomes as (
    select * from {{ ref('int_unit_outcomes') }}
),

costs as (
    select * from {{ ref('int_unit_costs') }}
),

conflicts as (
    select * from {{ ref('int_unit_tenant_conflicts') }}
),

rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

clock as (
    select as_of from {{ ref('int_as_of') }}
),

{# The source system of the work knows it better than the caller of the model: its dimensions come first. #}
joined as (
    select
        coalesce(outcomes.environment, costs.environment) as environment,
        coalesce(outcomes.unit_type, costs.unit_type) as unit_type,
        coalesce(outcomes.unit_id, costs.unit_id) as unit_id,
        coalesce(outcomes.episode_number, costs.episode_number) as episode_number,
        coalesce(outcomes.workflow, costs.workflow, type_rules.default_workflow) as workflow,
        {% for dimension in ['application', 'agent_id', 'tenant_id', 'team', 'cost_center'] -%}
        coalesce(outcomes.{{ dimension }}, costs.{{ dimension }}) as {{ dimension }},
        {% endfor -%}
        coalesce(own_rules.abandon_after_hours, type_rules.abandon_after_hours, 720) as abandon_after_hours,
        coalesce(least(outcomes.tenant_id, costs.own_tenant_id) <> greatest(outcomes.other_tenant_id, costs.other_tenant_id), false)
        or conflicts.unit_id is not null as has_tenant_conflict,
        {% for fact in facts -%}
        outcomes.{{ fact }},
        {% endfor -%}
        costs.first_cost_at,
        costs.last_cost_at,
        least(outcomes.first_event_at, costs.first_cost_at) as started_at,
        greatest(outcomes.last_event_at, costs.last_cost_at) as last_activity_at,
        costs.unit_id is not null or coalesce(outcomes.last_outcome_at, outcomes.cancelled_at) is not null as is_attempted,
        {% for measure in measures -%}
        cast(coalesce(costs.{{ measure }}, 0) as bigint) as {{ measure }},
        {% endfor -%}
        coalesce(costs.review_minutes, 0) as review_minutes,
        {% for layer in cost_layers() -%}
        {{ micros_to_ledger('coalesce(costs.' ~ layer ~ '_micros, 0)') }} as {{ layer }}_cost_usd,
        {% endfor -%}
        {{ micros_to_ledger('coalesce(costs.direct_micros, 0)') }} as direct_cost_usd,
        {{ micros_to_ledger('coalesce(costs.estimated_micros, 0)') }} as estimated_cost_usd,
        {{ micros_to_ledger('coalesce(costs.wasted_call_micros, 0)') }} as wasted_call_cost_usd,
        {{ micros_to_ledger('coalesce(costs.wasted_api_micros, 0)') }} as wasted_api_cost_usd
    from outcomes
    full outer join costs
        on
            outcomes.environment = costs.environment
            and outcomes.unit_type = costs.unit_type
            and outcomes.unit_id = costs.unit_id
            and outcomes.episode_number = costs.episode_number
    left join conflicts
        on
            coalesce(outcomes.environment, costs.environment) = conflicts.environment
            and coalesce(outcomes.unit_type, costs.unit_type) = conflicts.unit_type
            and coalesce(outcomes.unit_id, costs.unit_id) = conflicts.unit_id
    left join rules as own_rules
        on coalesce(outcomes.unit_type, costs.unit_type) = own_rules.unit_type and coalesce(outcomes.workflow, costs.workflow) = own_rules.workflow
    left join rules as type_rules
        on coalesce(outcomes.unit_type, costs.unit_type) = type_rules.unit_type and type_rules.workflow is null
),

{# The state machine of semantics.md section 4: first match wins; a function of facts known at as_of. #}
stated as (
    select
        joined.*,
        case
            when joined.cancelled_at is not null then 'cancelled'
            when joined.rejected_at >= coalesce(joined.resolved_at, joined.rejected_at) or joined.reopened_at > joined.resolved_at then 'failed'
            when clock.as_of > {{ add_hours('joined.resolved_at', 'joined.reopen_window_hours') }} then 'success'
            when joined.resolved_at is not null then 'pending'
            when clock.as_of > {{ add_hours('joined.last_activity_at', 'joined.abandon_after_hours') }} then 'failed'
            else 'pending'
        end as state,
        case
            when joined.cancelled_at is not null then 'cancelled'
            when joined.rejected_at >= coalesce(joined.resolved_at, joined.rejected_at) then 'rejected'
            when joined.reopened_at > joined.resolved_at then 'reopened'
            when joined.resolved_at is not null then 'resolved'
            when clock.as_of > {{ add_hours('joined.last_activity_at', 'joined.abandon_after_hours') }} then 'abandoned'
            else 'unknown'
        end as outcome
    from joined
    cross join clock
),

named as (
    select
        stated.*,
        cast(stated.started_at as date) as cohort_date,
        {{ month_of('stated.started_at') }} as cohort_month,
        case stated.outcome
            when 'cancelled' then stated.cancelled_at
            when 'rejected' then stated.rejected_at
            when 'reopened' then stated.reopened_at
            when 'resolved' then stated.resolved_at
        end as outcome_at,
        {# An abandoned unit settled when the wait for news of it ended. #}
        case
            when stated.outcome = 'abandoned' then {{ add_hours('stated.last_activity_at', 'stated.abandon_after_hours') }}
            when stated.outcome = 'cancelled' then stated.cancelled_at
            when stated.outcome = 'rejected' then stated.rejected_at
            when stated.outcome = 'reopened' then stated.reopened_at
            when stated.state = 'success' then stated.resolved_at
        end as settled_at,
        stated.state <> 'pending' as is_final,
        coalesce(stated.reopen_count, 0) > 0 as is_reopened,
        {{ owning_cost_center('stated', owner_types) }} as bearing_cost_center,
        stated.value_micros_usd * 0.000001 as value_usd
    from stated
    {{ owner_joins('stated', owner_types) }}
)

select * from named
