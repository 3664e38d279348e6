{# What was accepted and still needs a look: never rejected, never hidden. One row per flag and subject. #}
{% set production = "environment = 'production'" %}
with usage as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

known_models as (
    select distinct provider, reported_model from {{ ref('int_price_list') }}
),

calls as (
    select
        usage.*,
        known_models.reported_model is not null as is_known_model,
        expired.price_number is not null as is_contract_expired
    from usage
    left join known_models
        on usage.provider = known_models.provider and lower(usage.reported_model) = known_models.reported_model
    left join {{ ref('int_expired_prices') }} as expired on usage.price_number = expired.price_number
),

units as (
    select * from {{ ref('fct_units') }}
),

tenants as (
    select * from {{ ref('tenants') }}
),

rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

outcomes as (
    select distinct environment, unit_type, unit_id from {{ ref('int_unit_outcomes') }}
),

known_units as (
    select
        units.*,
        outcomes.unit_id is not null as is_known_to_source,
        units.last_cost_at > {{ add_hours('units.settled_at', 'coalesce(own_rules.attribution_window_days, type_rules.attribution_window_days) * 24') }} as has_late_cost
    from units
    left join outcomes
        on units.environment = outcomes.environment and units.unit_type = outcomes.unit_type and units.unit_id = outcomes.unit_id
    {{ unit_rule_joins('units') }}
),

flagged_calls as (
    {% for flag, rule in {
        'unknown_model': "cost_status = 'unpriced' and price_number is null and not is_known_model",
        'price_gap': "cost_status = 'unpriced' and price_number is null and is_known_model",
        'meter_unpriced': "cost_basis = 'partially_priced' or (cost_status = 'unpriced' and price_number is not null)",
        'contract_expired': 'is_contract_expired',
        'usage_missing': "cost_status = 'usage_missing'",
        'unclassified_tokens': 'unclassified_tokens > 0',
        'assumed_cache_lifetime': 'cache_write_unknown_tokens > 0',
        'missing_tenant': "tenant_id is null and " ~ production,
        'unknown_environment': "environment = 'unknown'",
        'no_unit': "not has_unit and " ~ production,
        'formula_text': matches('tenant_id', '[=+@-].*') ~ ' or ' ~ matches('application', '[=+@-].*') ~ ' or ' ~ matches('workflow', '[=+@-].*'),
    }.items() %}
    select
        '{{ flag }}' as flag,
        {{ usage_feed('source_system') }} as feed,
        concat(provider, '/', reported_model, case when tenant_id is null then '' else concat('/', tenant_id) end) as subject,
        usage_events as records,
        cost_usd,
        first_occurred_at as first_seen_at
    from calls
    where {{ rule }}
    union all
    {% endfor %}
    select
        'unknown_tenant' as flag,
        {{ usage_feed('calls.source_system') }} as feed,
        calls.tenant_id as subject,
        calls.usage_events as records,
        calls.cost_usd,
        calls.first_occurred_at as first_seen_at
    from calls
    left join tenants on calls.tenant_id = tenants.tenant_id
    where calls.tenant_id is not null and tenants.tenant_id is null
    union all
    select
        'near_duplicate_tenant' as flag,
        {{ usage_feed('calls.source_system') }} as feed,
        calls.tenant_id as subject,
        calls.usage_events as records,
        calls.cost_usd,
        calls.first_occurred_at as first_seen_at
    from calls
    inner join tenants
        on {{ folded_text('calls.tenant_id') }} = {{ folded_text('tenants.tenant_id') }} and calls.tenant_id <> tenants.tenant_id
),

flagged_units as (
    {% for flag, rule in {
        'cross_tenant_unit': 'units.has_tenant_conflict',
        'outcome_precedes_usage':
            add_seconds('units.outcome_at', checked_var('clock_skew_seconds')) ~ ' < units.first_cost_at and units.episode_number = 1',
        'negative_unit_cost': 'units.total_cost_usd < 0',
        'orphan_unit': 'not units.is_known_to_source',
        'cost_after_window': 'units.has_late_cost',
    }.items() %}
    select
        '{{ flag }}' as flag,
        'unit_events' as feed,
        concat(units.unit_type, '/', units.unit_id) as subject,
        1 as records,
        units.total_cost_usd as cost_usd,
        coalesce(units.first_cost_at, units.opened_at, units.outcome_at) as first_seen_at
    from known_units as units
    where {{ rule }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

flagged_records as (
    select
        case when cost_micros_usd is null then 'unpriced_labor' else 'overlap_minutes' end as flag,
        'human_reviews' as feed,
        concat(reviewer_role, case when reviewer_id is null then '' else concat('/', reviewer_id) end) as subject,
        1 as records,
        coalesce({{ micros_to_ledger('cost_micros_usd') }}, 0) as cost_usd,
        started_at as first_seen_at
    from {{ ref('int_human_reviews') }}
    where cost_micros_usd is null or review_minutes < sitting_minutes
    union all
    select
        'unpriced_charge' as flag,
        'metered_costs' as feed,
        service as subject,
        1 as records,
        cast(0 as decimal(38, 12)) as cost_usd,
        occurred_at as first_seen_at
    from {{ ref('int_metered_costs') }}
    where cost_micros_usd is null
    union all
    select * from {{ ref('int_flagged_lines') }}
    union all
    select * from {{ ref('int_flagged_files') }}
)

select * from flagged_calls
union all
select * from flagged_units
union all
select * from flagged_records
