{# The facts of the few units with more than one that decides: contradictions settled, the order of one instant given. #}
{% set kept_columns = [
    'unit_type', 'unit_id', 'environment', 'application', 'event_type', 'outcome', 'occurred_at', 'ingested_at', 'tenant_id', 'team',
    'cost_center', 'workflow', 'agent_id', 'escalation_reason', 'csat', 'value_amount', 'value_currency', 'cohort',
    'attributes', 'reopen_window_hours',
] %}
with unit_events as (
    select * from {{ ref('int_unit_events') }}
),

tangled as (
    select
        environment,
        unit_type,
        unit_id
    from unit_events
    where {{ is_deciding_fact() }}
    group by environment, unit_type, unit_id
    having count(*) > 1
),

{# Two facts of one instant keep this order, so that a reopening never precedes the resolution it answers. #}
facts as (
    select
        unit_events.*,
        case
            when unit_events.event_type = 'opened' then 0
            when unit_events.event_type = 'reopened' then 1
            when unit_events.classification = 'success' then 2
            when unit_events.classification = 'pending' then 3
            when unit_events.classification in ('failed', 'escalated') then 4
            else 5
        end as precedence,
        unit_events.classification in ('success', 'failed', 'escalated') as is_verdict
    from unit_events
    inner join tangled
        on
            unit_events.environment = tangled.environment
            and unit_events.unit_type = tangled.unit_type
            and unit_events.unit_id = tangled.unit_id
),

{# Outcomes of one instant that contradict each other: the one known last counts, of those the worse one. #}
counted as (
    select
        *,
        first_value(classification) over (
            partition by environment, unit_type, unit_id, occurred_at, is_verdict
            order by {{ known_at('ingested_at', 'occurred_at') }} desc, precedence desc, outcome
            rows between unbounded preceding and unbounded following
        ) as counted_classification
    from facts
),

{# The loser is kept and decides nothing. #}
reconciled as (
    select
        {% for column in kept_columns -%}
        {{ column }},
        {% endfor -%}
        case
            when (classification = 'success') <> (counted_classification = 'success') then 'outcome_conflict'
            else classification
        end as classification,
        precedence
    from counted
)

select * from reconciled
