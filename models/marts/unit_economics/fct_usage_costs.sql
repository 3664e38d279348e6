{{ config(materialized='view') }}

with usage_costs as (
    select * from {{ ref('int_usage_costs') }}
),

price_list as (
    select
        price_number,
        price_id
    from {{ ref('int_price_list') }}
),

presented as (
    select
        {{ text_key(['usage_costs.source_system', 'usage_costs.provider', 'usage_costs.billing_account_id', 'usage_costs.request_id']) }} as usage_event_id,
        usage_costs.request_id,
        usage_costs.source_system,
        usage_costs.occurred_at,
        usage_costs.ingested_at,
        usage_costs.environment,
        usage_costs.application,
        usage_costs.workflow,
        usage_costs.step,
        usage_costs.agent_id,
        usage_costs.tenant_id,
        usage_costs.team,
        usage_costs.cost_center,
        usage_costs.provider,
        usage_costs.billing_account_id,
        usage_costs.api_key_id,
        usage_costs.endpoint,
        usage_costs.reported_model,
        coalesce(usage_costs.model, usage_costs.reported_model) as model,
        usage_costs.service_tier,
        usage_costs.prompt_version,
        usage_costs.unit_type,
        usage_costs.unit_id,
        usage_costs.unit_shares is not null and usage_costs.unit_id is null as is_shared,
        usage_costs.trace_id,
        usage_costs.session_id,
        usage_costs.attempt_number,
        usage_costs.is_fallback,
        usage_costs.retry_of_request_id,
        usage_costs.status,
        usage_costs.requests,
        usage_costs.input_tokens,
        usage_costs.cache_read_tokens,
        usage_costs.cache_write_5m_tokens,
        usage_costs.cache_write_1h_tokens,
        usage_costs.cache_write_unknown_tokens,
        usage_costs.output_tokens,
        usage_costs.reasoning_tokens,
        usage_costs.web_searches,
        case
            when usage_costs.cost_basis in ('repriced_contract', 'repriced_list') then {{ micros_to_ledger('usage_costs.cost_micros_usd') }}
        end as repriced_cost_usd,
        case
            when usage_costs.reported_cost_currency = '{{ checked_var('reporting_currency') }}' then {{ ledger('usage_costs.reported_cost_amount') }}
        end as reported_cost_usd,
        {{ micros_to_ledger('usage_costs.cost_micros_usd') }} as cost_usd,
        usage_costs.cost_basis,
        usage_costs.cost_status,
        price_list.price_id,
        usage_costs.layer
    from usage_costs
    left join price_list on usage_costs.price_number = price_list.price_number
)

select * from presented
