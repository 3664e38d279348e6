{# What was said of units whose reviews lie in a closed month, and from when to when: by their source systems, by calls and by
   charges. Only postings need the past; what holds now is int_unit_dimensions. #}
{% set dimensions = ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center'] %}
with reviewed as (
    select distinct
        reviews.environment,
        reviews.unit_type,
        reviews.unit_id
    from {{ ref('int_human_reviews_versions') }} as reviews
    inner join {{ ref('int_knowledge_slots') }} as slots on {{ month_of('reviews.started_at') }} = slots.period_month
),

unit_shares as (
    select * from {{ ref('int_unit_shares') }}
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

records as (
    {% for model, replaced_at in {
        'int_usage_events': 'cast(null as timestamp)', 'int_usage_events_superseded': 'replaced_at', 'int_metered_costs_versions': 'replaced_at',
    }.items() -%}
    select
        source_system, file_path, landed_row, environment, unit_type, unit_id, {{ dimensions | join(', ') }}, occurred_at, ingested_at,
        {{ replaced_at }} as replaced_at
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

told as (
    select
        case when facts.environment is null then 'production' else coalesce(environments.environment, 'unknown') end as environment,
        facts.unit_type, facts.unit_id, facts.application, coalesce(facts.workflow, rules.default_workflow) as workflow,
        facts.agent_id, facts.tenant_id, facts.team, facts.cost_center, true as is_outcome, false as is_split, facts.occurred_at, facts.ingested_at, facts.replaced_at
    from {{ ref('int_unit_events_resolved') }} as facts
    left join environments on facts.environment = environments.reported_environment
    left join rules on facts.unit_type = rules.unit_type and rules.workflow is null
    where facts.record_status = 'kept' or facts.replaced_at is not null
    union all
    select
        records.environment, coalesce(records.unit_type, unit_shares.unit_type) as unit_type,
        coalesce(records.unit_id, unit_shares.unit_id) as unit_id, records.application, records.workflow, records.agent_id,
        records.tenant_id, records.team, records.cost_center, false as is_outcome, records.unit_id is null as is_split, records.occurred_at, records.ingested_at, records.replaced_at
    from records
    left join unit_shares
        on
            records.unit_id is null
            and records.landed_row = unit_shares.landed_row
            and records.file_path = unit_shares.file_path
            and records.source_system = unit_shares.source_system
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
        told.is_split,
        greatest({{ known_at('told.ingested_at', 'told.occurred_at') }}, told.occurred_at) as known_from,
        coalesce(told.replaced_at, cast('9999-12-31' as timestamp)) as known_to
    from told
    inner join reviewed
        on told.environment = reviewed.environment and told.unit_type = reviewed.unit_type and told.unit_id = reviewed.unit_id
    cross join clock
    where greatest({{ known_at('told.ingested_at', 'told.occurred_at') }}, told.occurred_at) <= clock.as_of
)

select * from dated
