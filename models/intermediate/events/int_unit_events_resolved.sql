{{ config(materialized='table') }}
{% set key = [
    'event_id', 'case when event_id is null then unit_type end',
    'case when event_id is null then unit_id end', 'case when event_id is null then environment end',
    'case when event_id is null then event_type end', 'case when event_id is null then outcome end',
    'case when event_id is null then occurred_at end',
] %}
{% set content = [
    'unit_type', 'unit_id', 'environment', 'application', 'event_type', 'outcome', 'occurred_at', 'event_id',
    'tenant_id', 'team', 'cost_center', 'workflow', 'agent_id', 'escalation_reason', 'csat', 'value_amount',
    'value_currency', 'cohort', 'attributes',
] %}
with staged as (
    select * from {{ ref('stg_canonical__unit_events') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

outcome_statuses as (
    select * from {{ ref('outcome_statuses') }}
),

judged as (
    select
        staged.*,
        case
            when staged.event_type = 'cancelled' then 'cancelled'
            when staged.event_type = 'outcome' then outcome_statuses.classification
        end as classification,
        {# In the vocabulary an unknown status comes before what may be wrong with amounts, scores and the clock. #}
        case
            when
                staged.event_type = 'outcome'
                and outcome_statuses.classification is null
                and coalesce(staged.reject_reason, 'bad_csat') in ('bad_amount', 'bad_currency', 'bad_csat')
                then 'unknown_status'
            else coalesce(staged.reject_reason, {{ first_reason(time_rules('staged.occurred_at', 'staged.ingested_at')) }})
        end as final_reason
    from staged
    left join outcome_statuses
        on staged.unit_type = outcome_statuses.unit_type and staged.outcome = outcome_statuses.outcome
    cross join clock
),

{{ resolve_copies(key, content) }}

select * from resolved
