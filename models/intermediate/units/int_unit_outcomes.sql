{{ config(materialized='table') }}
{# What is known of an episode from its source system: the instants on which its state depends. #}
with sequenced as (
    select * from {{ ref('int_unit_events_sequenced') }}
),

summarised as (
    select
        environment,
        unit_type,
        unit_id,
        cast(episode_number as integer) as episode_number,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at,
        min(case when event_type = 'opened' then occurred_at end) as opened_at,
        max(case when is_resolution then occurred_at end) as resolved_at,
        max(case when classification in ('failed', 'escalated') then occurred_at end) as rejected_at,
        max(case when event_type = 'reopened' and occurred_at > resolved_at then occurred_at end) as reopened_at,
        max(case when classification = 'cancelled' then occurred_at end) as cancelled_at,
        sum(case when event_type = 'reopened' and resolved_at is not null then 1 else 0 end) as reopen_count,
        max(case when event_type = 'outcome' then occurred_at end) as last_outcome_at,
        min(application) as application,
        min(workflow) as workflow,
        min(agent_id) as agent_id,
        min(tenant_id) as tenant_id,
        max(tenant_id) as other_tenant_id,
        min(team) as team,
        min(cost_center) as cost_center,
        min(cohort) as cohort,
        min(escalation_reason) as escalation_reason,
        max(attributes) as attributes,
        max(csat) as csat,
        sum(value_amount) as value_amount,
        min(value_currency) as value_currency,
        max(reopen_window_hours) as reopen_window_hours
    from sequenced
    group by environment, unit_type, unit_id, episode_number
)

select * from summarised
