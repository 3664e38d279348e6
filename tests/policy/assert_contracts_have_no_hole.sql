-- Inside one contract the price of a key runs on without a hole: list prices must not fill one (semantics.md section 3).
with ranges as (
    select
        contract_id,
        provider,
        billing_account_id,
        model,
        meter,
        service_tier,
        context_tokens_over,
        max(coalesce(valid_to, cast('9999-12-31' as timestamp))) over (
            partition by contract_id, provider, billing_account_id, model, meter, service_tier, context_tokens_over, quantity_over
            order by valid_from
        ) as valid_to,
        lead(valid_from) over (
            partition by contract_id, provider, billing_account_id, model, meter, service_tier, context_tokens_over, quantity_over
            order by valid_from
        ) as next_valid_from
    from {{ ref('contract_prices') }}
)

select
    'contract_price_gap: no row of the contract covers this time; add one in seeds/pricing/contract_prices.csv' as reason,
    contract_id,
    model,
    meter,
    service_tier,
    valid_to as hole_from,
    next_valid_from as hole_to
from ranges
where valid_to < next_valid_from
