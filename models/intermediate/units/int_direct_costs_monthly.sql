{{ config(materialized='table') }}
{# The direct ledger by month: calls, metered charges and reviews, each with the cost center that bears it. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
with owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

usage as (
    select
        period_month, environment, layer, 'usage' as source, application, workflow, agent_id, tenant_id, team,
        bearing_cost_center as cost_center, cost_center_confidence, untraced_key_id, provider, billing_account_id,
        unit_type, cost_usd, requests, input_tokens + output_tokens as tokens,
        cast(0 as decimal(20, 6)) as review_minutes, unpriced_events, known_slot, last_known_at
    from {{ ref('int_usage_costs_owned') }}
),

metered as (
    select
        {{ month_of('charges.occurred_at') }} as period_month, charges.environment, charges.layer, 'metered' as source,
        charges.application, charges.workflow, charges.agent_id, charges.tenant_id, charges.team, charges.cost_center,
        cast(null as {{ dbt.type_string() }}) as provider, cast(null as {{ dbt.type_string() }}) as billing_account_id,
        charges.unit_type, coalesce({{ micros_to_ledger('charges.cost_micros_usd') }}, 0) as cost_usd, 0 as requests,
        0 as tokens, cast(0 as decimal(20, 6)) as review_minutes,
        case when charges.cost_micros_usd is null then 1 else 0 end as unpriced_events,
        slots.known_slot, {{ known_at('charges.ingested_at', 'charges.occurred_at') }} as last_known_at
    from {{ ref('int_metered_costs') }} as charges
    {{ knowledge_slot_join('charges.occurred_at', known_at('charges.ingested_at', 'charges.occurred_at')) }}
),

reviewed as (
    select
        {{ month_of('started_at') }} as period_month, reviews.environment, 'human_review' as layer, 'review' as source,
        unit_dimensions.application, unit_dimensions.workflow, unit_dimensions.agent_id, unit_dimensions.tenant_id,
        coalesce(unit_dimensions.team, reviews.team) as team, unit_dimensions.cost_center,
        cast(null as {{ dbt.type_string() }}) as provider, cast(null as {{ dbt.type_string() }}) as billing_account_id,
        reviews.unit_type, coalesce({{ micros_to_ledger('reviews.cost_micros_usd') }}, 0) as cost_usd, 0 as requests,
        0 as tokens, reviews.review_minutes, case when reviews.cost_micros_usd is null then 1 else 0 end as unpriced_events,
        slots.known_slot, {{ known_at('reviews.ingested_at', 'reviews.started_at') }} as last_known_at
    from {{ ref('int_human_reviews') }} as reviews
    {{ knowledge_slot_join('reviews.started_at', known_at('reviews.ingested_at', 'reviews.started_at')) }}
    left join {{ ref('int_unit_dimensions') }} as unit_dimensions
        on
            reviews.environment = unit_dimensions.environment
            and reviews.unit_type = unit_dimensions.unit_type
            and reviews.unit_id = unit_dimensions.unit_id
),

records as (
    select * from metered
    union all
    select * from reviewed
),

owned as (
    select
        records.*,
        {{ owning_cost_center('records', owner_types) }} as bearing_cost_center,
        case
            when records.cost_center is not null then 'direct'
            when {{ owning_cost_center('records', owner_types) }} = '__unassigned__' then 'none'
            else 'high'
        end as cost_center_confidence
    from records
    {{ owner_joins('records', owner_types) }}
),

listed as (
    select * from usage
    union all
    select
        period_month, environment, layer, source, application, workflow, agent_id, tenant_id, team,
        bearing_cost_center as cost_center, cost_center_confidence,
        cast(null as {{ dbt.type_string() }}) as untraced_key_id, provider, billing_account_id, unit_type, cost_usd,
        requests, tokens, review_minutes, unpriced_events, known_slot, last_known_at
    from owned
),

summed as (
    select
        period_month, environment, layer, source, application, workflow, agent_id, tenant_id, team,
        cost_center, cost_center_confidence, untraced_key_id, provider, billing_account_id, unit_type,
        known_slot,
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        cast(sum(requests) as bigint) as requests,
        cast(sum(tokens) as bigint) as tokens,
        cast(sum(review_minutes) as decimal(20, 6)) as review_minutes,
        cast(sum(unpriced_events) as bigint) as unpriced_events,
        max(last_known_at) as last_known_at
    from listed
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
)

select * from summed
