{# Who bore a review of a closed month, by what was known before each later close or reopening: as int_unit_dimensions and the
   waterfall of owners say, from the facts of that moment. Only reviews of units of which something became known late. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
{% set dimensions = ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center'] %}
with facts as (
    select * from {{ ref('int_unit_facts_dated') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

dated as (
    select
        *,
        {{ month_of('started_at') }} as period_month,
        {{ known_at('ingested_at', 'started_at') }} as known_at
    from {{ ref('int_human_reviews_versions') }}
),

last_changes as (
    select
        environment,
        unit_type,
        unit_id,
        max(case when known_to < cast('9999-12-31' as timestamp) then known_to else known_from end) as last_changed_at
    from facts
    group by environment, unit_type, unit_id
),

{# The moments at which the ledger was looked at while this version counted. #}
looked_at as (
    select
        dated.review_id,
        dated.environment,
        dated.unit_type,
        dated.unit_id,
        dated.team as own_team,
        dated.period_month,
        dated.known_at,
        dated.cost_micros_usd,
        slots.known_slot as looked_slot,
        dated.replaced_at < slots.known_to as is_replaced_next
    from dated
    inner join slots
        on
            dated.period_month = slots.period_month
            and dated.known_at < slots.known_from
            and (dated.replaced_at is null or dated.replaced_at >= slots.known_from)
    inner join last_changes
        on
            dated.environment = last_changes.environment
            and dated.unit_type = last_changes.unit_type
            and dated.unit_id = last_changes.unit_id
            and slots.known_from <= last_changes.last_changed_at
),

summed as (
    select
        looked_at.review_id,
        looked_at.environment,
        looked_at.unit_type,
        looked_at.unit_id,
        looked_at.own_team,
        looked_at.period_month,
        looked_at.known_at,
        looked_at.cost_micros_usd,
        looked_at.looked_slot,
        looked_at.is_replaced_next,
        {% for dimension in dimensions -%}
        coalesce(
            min(case when facts.is_outcome then facts.{{ dimension }} end),
            {{ 'min(case when not facts.is_outcome and not facts.is_split then facts.tenant_id end),' if dimension == 'tenant_id' -}}
            min(facts.{{ dimension }})
        ) as {{ dimension }}{{ ',' if not loop.last }}
        {% endfor %}
    from looked_at
    left join facts
        on
            looked_at.environment = facts.environment
            and looked_at.unit_type = facts.unit_type
            and looked_at.unit_id = facts.unit_id
            and facts.known_from < looked_at.looked_slot
            and facts.known_to >= looked_at.looked_slot
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),

teamed as (
    select
        review_id, environment, unit_type, unit_id, own_team, period_month, known_at, cost_micros_usd, looked_slot, is_replaced_next,
        application, workflow, agent_id, tenant_id, cost_center,
        coalesce(team, own_team) as team
    from summed
),

owned as (
    select
        teamed.*,
        {{ owning_cost_center('teamed', owner_types) }} as bearing_cost_center
    from teamed
    {{ owner_joins('teamed', owner_types) }}
)

select * from owned
