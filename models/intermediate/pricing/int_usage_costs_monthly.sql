{{ config(materialized='table') }}
{# The one roll-up of the calls that allocation, chargeback, reconciliation and coverage read. #}
{% set dimensions = [
    'environment', 'source_system', 'application', 'workflow', 'endpoint', 'agent_id', 'tenant_id', 'team', 'cost_center',
    'provider', 'billing_account_id', 'api_key_id', 'reported_model', 'service_tier', 'price_number', 'cost_currency',
    'layer', 'cost_basis', 'cost_status', 'unit_type', 'has_unit', 'known_slot', 'dated_model',
] %}
{% set tokens = [
    'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens',
    'output_tokens', 'reasoning_tokens', 'unclassified_tokens', 'web_searches',
] %}
with dated_names as (
    select * from {{ ref('int_model_names') }} where valid_from > cast('0001-01-01' as timestamp) or valid_to < cast('9999-12-31' as timestamp)
),

{# A month does not tell when a name changed its meaning, so that a call without a price takes the meaning of its own moment along. #}
usage_costs as (
    select
        calls.*,
        dated_names.model as dated_model,
        (calls.unit_type is not null and calls.unit_id is not null) or calls.unit_shares is not null as has_unit,
        {{ month_of('calls.occurred_at') }} as period_month,
        {{ known_at('calls.ingested_at', 'calls.occurred_at') }} as known_at,
        slots.known_slot
    from {{ ref('int_usage_costs') }} as calls
    {{ knowledge_slot_join('calls.occurred_at', known_at('calls.ingested_at', 'calls.occurred_at')) }}
    left join dated_names
        on
            calls.provider = dated_names.provider
            and case when calls.price_number is null then lower(calls.reported_model) end = dated_names.reported_model
            and calls.occurred_at >= dated_names.valid_from
            and calls.occurred_at < dated_names.valid_to
),

price_list as (
    select
        price_number,
        price_id,
        model
    from {{ ref('int_price_list') }}
),

summed as (
    select
        period_month,
        {{ dimensions | join(',\n        ') }},
        count(*) as usage_events,
        cast(sum(requests) as bigint) as requests,
        cast(sum(case when has_usage then requests else 0 end) as bigint) as requests_with_usage,
        {% for token in tokens -%}
        cast(coalesce(sum({{ token }}), 0) as bigint) as {{ token }},
        {% endfor -%}
        {% for meter in usage_meters().keys() | list + ['other'] -%}
        coalesce(sum({{ meter }}_micros), 0) as {{ meter }}_cost_micros,
        {% endfor -%}
        cast(sum(case when cost_basis in ('unpriced', 'partially_priced') then 1 else 0 end) as bigint) as unpriced_events,
        coalesce(sum(cost_micros), 0) as cost_micros,
        coalesce(sum(cost_micros_usd), 0) as cost_micros_usd,
        min(occurred_at) as first_occurred_at,
        max(occurred_at) as last_occurred_at,
        max(known_at) as last_known_at
    from usage_costs
    group by period_month, {{ dimensions | join(', ') }}
),

named as (
    select
        summed.*,
        summed.cost_currency as currency,
        price_list.price_id,
        coalesce(price_list.model, summed.reported_model) as model,
        {{ micros_to_ledger('summed.cost_micros_usd') }} as cost_usd
    from summed
    left join price_list on summed.price_number = price_list.price_number
)

select * from named
