{{ config(materialized='table') }}
{# What is known of an episode from its source system: the instants on which its state depends.
   Most units have one fact that decides: their facts need no order and are summarised as they come. #}
{% set dimensions = ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center', 'cohort', 'escalation_reason'] %}
with fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

plain as (
    select
        facts.*,
        facts.classification = 'success' as is_resolution,
        facts.classification in ('failed', 'escalated') as is_rejection,
        {{ in_reporting_currency('facts.value_amount * 1000000', 'facts.value_currency', 'fx_rates.rate', 'facts.occurred_at') }} as value_micros_usd
    from {{ ref('int_unit_events') }} as facts
    left join fx_rates on facts.value_currency = fx_rates.currency and cast(facts.occurred_at as date) = fx_rates.rate_date
),

sequenced as (
    select
        facts.*,
        {{ in_reporting_currency('facts.value_amount * 1000000', 'facts.value_currency', 'fx_rates.rate', 'facts.occurred_at') }} as value_micros_usd
    from {{ ref('int_unit_events_sequenced') }} as facts
    left join fx_rates on facts.value_currency = fx_rates.currency and cast(facts.occurred_at as date) = fx_rates.rate_date
),

summarised as (
    {% for facts in ['plain', 'sequenced'] %}
    select
        environment,
        unit_type,
        unit_id,
        {{ 'cast(episode_number as integer)' if facts == 'sequenced' else '1' }} as episode_number,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at,
        min(case when event_type = 'opened' then occurred_at end) as opened_at,
        max(case when is_resolution then occurred_at end) as resolved_at,
        max(case when is_rejection then occurred_at end) as rejected_at,
        {{ 'max(case when is_first_answer then occurred_at end)' if facts == 'sequenced' else 'cast(null as timestamp)' }} as reopened_at,
        max(case when classification = 'cancelled' then occurred_at end) as cancelled_at,
        {{ 'sum(case when is_answer then 1 else 0 end)' if facts == 'sequenced' else '0' }} as reopen_count,
        max(case when event_type = 'outcome' then occurred_at end) as last_outcome_at,
        {% for dimension in dimensions -%}
        min({{ dimension }}) as {{ dimension }},
        {% endfor -%}
        max(tenant_id) as other_tenant_id,
        max(attributes) as attributes,
        max(csat) as csat,
        sum(value_micros_usd) as value_micros_usd,
        max(reopen_window_hours) as reopen_window_hours
    from {{ facts }}
    {% if facts == 'sequenced' -%}
    group by environment, unit_type, unit_id, episode_number
    {%- else -%}
    group by environment, unit_type, unit_id
    having sum(case when {{ is_deciding_fact() }} then 1 else 0 end) <= 1
    union all
    {%- endif %}
    {% endfor %}
)

select * from summarised
