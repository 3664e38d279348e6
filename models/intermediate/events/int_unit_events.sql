{# A state is a function of what was known at as_of: a record from within the clock skew is kept, and decides nothing. #}
with resolved as (
    select * from {{ ref('int_unit_events_resolved') }} where record_status = 'kept'
),

environments as (
    select * from {{ ref('environments') }}
),

clock as (
    select as_of from {{ ref('int_as_of') }}
),

rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

kept as (
    select
        resolved.unit_type,
        resolved.unit_id,
        case when resolved.environment is null then 'production' else coalesce(environments.environment, 'unknown') end as environment,
        resolved.application,
        resolved.event_type,
        resolved.outcome,
        resolved.classification,
        resolved.occurred_at,
        resolved.ingested_at,
        resolved.tenant_id,
        resolved.team,
        resolved.cost_center,
        coalesce(resolved.workflow, type_rules.default_workflow) as workflow,
        resolved.agent_id,
        resolved.escalation_reason,
        resolved.csat,
        resolved.value_amount,
        resolved.value_currency,
        resolved.cohort,
        resolved.attributes,
        coalesce(own_rules.reopen_window_hours, type_rules.reopen_window_hours, 48) as reopen_window_hours
    from resolved
    left join environments on resolved.environment = environments.reported_environment
    {{ unit_rule_joins('resolved') }}
    cross join clock
    where resolved.occurred_at <= clock.as_of and coalesce(resolved.ingested_at, resolved.occurred_at) <= clock.as_of
)

select * from kept
