{# Charges and reviews of a closed month as its first close found them, for the drivers that the close froze: the version that
   counted then, under the owners of then. A unit of which nothing became known later has the owners that it has now. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
{% set dimensions = ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center'] %}
with closes as (
    select
        period_month,
        min(known_slot) as first_closed_at
    from {{ ref('int_knowledge_slots') }}
    group by period_month
),

unit_dimensions as (
    select * from {{ ref('int_unit_dimensions') }}
),

known as (
    select * from {{ ref('int_review_owners_known') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

charges as (
    select
        {{ month_of('occurred_at') }} as period_month,
        {{ dimensions | join(', ') }},
        environment,
        cost_micros_usd,
        cast(0 as decimal(20, 6)) as review_minutes,
        replaced_at,
        {{ known_at('ingested_at', 'occurred_at') }} as known_at
    from {{ ref('int_metered_costs_versions') }}
),

dated_reviews as (
    select
        *,
        {{ month_of('started_at') }} as period_month,
        {{ known_at('ingested_at', 'started_at') }} as known_at
    from {{ ref('int_human_reviews_versions') }}
),

reviews as (
    select
        dated_reviews.period_month,
        {% for dimension in dimensions -%}
        case
            when known.review_id is not null then known.{{ dimension }}
            else {{ 'coalesce(unit_dimensions.team, dated_reviews.team)' if dimension == 'team' else 'unit_dimensions.' ~ dimension }}
        end as {{ dimension }},
        {% endfor -%}
        dated_reviews.environment,
        dated_reviews.cost_micros_usd,
        dated_reviews.review_minutes,
        dated_reviews.replaced_at,
        dated_reviews.known_at
    from dated_reviews
    inner join closes on dated_reviews.period_month = closes.period_month
    left join unit_dimensions
        on
            dated_reviews.environment = unit_dimensions.environment
            and dated_reviews.unit_type = unit_dimensions.unit_type
            and dated_reviews.unit_id = unit_dimensions.unit_id
    left join known
        on
            dated_reviews.review_id = known.review_id
            and dated_reviews.known_at = known.known_at
            and closes.first_closed_at = known.looked_slot
),

listed as (
    select * from charges
    union all
    select * from reviews
),

counted as (
    select listed.*
    from listed
    inner join closes
        on
            listed.period_month = closes.period_month
            and listed.known_at < closes.first_closed_at
            and coalesce(listed.replaced_at >= closes.first_closed_at, true)
),

owned as (
    select
        counted.period_month,
        counted.environment,
        {{ owning_cost_center('counted', owner_types) }} as cost_center,
        counted.team,
        counted.tenant_id,
        counted.application,
        counted.workflow,
        counted.agent_id,
        coalesce({{ micros_to_ledger('counted.cost_micros_usd') }}, 0) as cost_usd,
        counted.review_minutes
    from counted
    {{ owner_joins('counted', owner_types) }}
)

select * from owned
