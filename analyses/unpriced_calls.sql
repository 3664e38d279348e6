-- Which calls have no price, how large are they, and who made them? Until a price is added they cost nothing here, so every
-- total that holds them is a lower bound. Add the model to seeds/pricing (list_prices, contract_prices or model_aliases).
with usage as (
    select * from {{ ref('int_usage_costs_monthly') }} where cost_status in ('unpriced', 'partially_priced', 'usage_missing')
),

summed as (
    select
        cost_status,
        provider,
        reported_model,
        service_tier,
        source_system,
        application,
        min(first_occurred_at) as first_at,
        max(last_occurred_at) as last_at,
        sum(usage_events) as calls,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        {{ ledger('sum(cost_usd)') }} as priced_part_usd
    from usage
    group by cost_status, provider, reported_model, service_tier, source_system, application
)

select * from summed
order by input_tokens + output_tokens desc, calls desc, provider, reported_model, service_tier, source_system, application, cost_status
