{# Charges and reviews that a later version replaced after their month was closed: posted with what was known then, and taken
   out where the later version became known. The version that counts is in the ledger itself. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
with owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

unit_dimensions as (
    select * from {{ ref('int_unit_dimensions') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

charges as (
    select
        {{ month_of('occurred_at') }} as period_month, environment, layer, 'metered' as source, application, workflow, agent_id, team,
        cost_center, cost_micros_usd, replaced_at, {{ known_at('ingested_at', 'occurred_at') }} as known_at
    from {{ ref('int_metered_costs_versions') }}
    where replaced_at is not null
),

reviews as (
    select
        {{ month_of('reviews.started_at') }} as period_month, reviews.environment, 'human_review' as layer, 'review' as source,
        unit_dimensions.application, unit_dimensions.workflow, unit_dimensions.agent_id,
        coalesce(unit_dimensions.team, reviews.team) as team, unit_dimensions.cost_center, reviews.cost_micros_usd,
        reviews.replaced_at, {{ known_at('reviews.ingested_at', 'reviews.started_at') }} as known_at
    from {{ ref('int_human_reviews_versions') }} as reviews
    left join unit_dimensions
        on
            reviews.environment = unit_dimensions.environment
            and reviews.unit_type = unit_dimensions.unit_type
            and reviews.unit_id = unit_dimensions.unit_id
    where reviews.replaced_at is not null
),

records as (
    select * from charges
    union all
    select * from reviews
),

owned as (
    select
        records.*,
        {{ owning_cost_center('records', owner_types) }} as bearing_cost_center
    from records
    {{ owner_joins('records', owner_types) }}
),

{# What came and went between two closes was never posted. #}
slotted as (
    select
        owned.*,
        said.known_slot,
        replaced.known_slot as changed_slot
    from owned
    inner join slots as replaced
        on
            owned.period_month = replaced.period_month
            and owned.replaced_at >= replaced.known_from
            and owned.replaced_at < replaced.known_to
            and owned.known_at < replaced.known_from
    left join slots as said
        on owned.period_month = said.period_month and owned.known_at >= said.known_from and owned.known_at < said.known_to
    where owned.cost_micros_usd is not null
),

entries as (
    select
        period_month, environment, source, layer, bearing_cost_center as cost_center, known_slot, known_at,
        {{ micros_to_ledger('cost_micros_usd') }} as amount_usd, 'late_event' as reason
    from slotted
    union all
    select
        period_month, environment, source, layer, bearing_cost_center as cost_center, changed_slot as known_slot, replaced_at as known_at,
        -{{ micros_to_ledger('cost_micros_usd') }} as amount_usd, 'correction' as reason
    from slotted
)

select * from entries
