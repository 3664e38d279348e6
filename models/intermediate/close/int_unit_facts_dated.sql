{# What was said of units whose reviews lie in a closed month, and from when to when: by their source systems, by calls and by
   charges. Only postings need the past; what holds now is int_unit_dimensions. #}
{% set dimensions = ['application', 'workflow', 'agent_id', 'team', 'cost_center'] %}
with reviewed as (
    select distinct
        reviews.environment,
        reviews.unit_type,
        reviews.unit_id
    from {{ ref('int_human_reviews_versions') }} as reviews
    inner join {{ ref('int_knowledge_slots') }} as slots on {{ month_of('reviews.started_at') }} = slots.period_month
),

unit_shares as (
    select * from {{ ref('int_usage_unit_shares') }}
),

rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

environments as (
    select * from {{ ref('environments') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

told as (
    select
        case when facts.environment is null then 'production' else coalesce(environments.environment, 'unknown') end as environment,
        facts.unit_type, facts.unit_id, facts.application, coalesce(facts.workflow, rules.default_workflow) as workflow,
        facts.agent_id, facts.team, facts.cost_center, true as is_outcome, facts.occurred_at, facts.ingested_at, facts.replaced_at
    from {{ ref('int_unit_events_resolved') }} as facts
    left join environments on facts.environment = environments.reported_environment
    left join rules on facts.unit_type = rules.unit_type and rules.workflow is null
    where facts.record_status = 'kept' or facts.replaced_at is not null
    union all
    select
        calls.environment, coalesce(calls.unit_type, unit_shares.unit_type) as unit_type,
        coalesce(calls.unit_id, unit_shares.unit_id) as unit_id, calls.application, calls.workflow, calls.agent_id, calls.team,
        calls.cost_center, false as is_outcome, calls.occurred_at, calls.ingested_at, cast(null as timestamp) as replaced_at
    from {{ ref('int_usage_events') }} as calls
    left join unit_shares
        on
            calls.unit_id is null
            and calls.landed_row = unit_shares.landed_row
            and calls.file_path = unit_shares.file_path
            and calls.source_system = unit_shares.source_system
    union all
    select
        environment, unit_type, unit_id, application, workflow, agent_id, team, cost_center, false as is_outcome, occurred_at,
        ingested_at, replaced_at
    from {{ ref('int_usage_events_superseded') }}
    union all
    select
        environment, unit_type, unit_id, application, workflow, agent_id, team, cost_center, false as is_outcome, occurred_at,
        ingested_at, replaced_at
    from {{ ref('int_metered_costs_versions') }}
),

{# A fact said before its time counts from its time on. #}
dated as (
    select
        told.environment,
        told.unit_type,
        told.unit_id,
        {% for dimension in dimensions -%}
        told.{{ dimension }},
        {% endfor -%}
        told.is_outcome,
        greatest({{ known_at('told.ingested_at', 'told.occurred_at') }}, told.occurred_at) as known_from,
        coalesce(told.replaced_at, cast('9999-12-31' as timestamp)) as known_to
    from told
    inner join reviewed
        on told.environment = reviewed.environment and told.unit_type = reviewed.unit_type and told.unit_id = reviewed.unit_id
    cross join clock
    where greatest({{ known_at('told.ingested_at', 'told.occurred_at') }}, told.occurred_at) <= clock.as_of
)

select * from dated
