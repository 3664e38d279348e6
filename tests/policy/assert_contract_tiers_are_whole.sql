-- Prices by quantity of one key and range start at 0 and have one way to count: without the first tier, calls had no price.
with tiers as (
    select
        contract_id,
        provider,
        billing_account_id,
        model,
        meter,
        service_tier,
        context_tokens_over,
        valid_from,
        recorded_at,
        min(quantity_over) as lowest_tier,
        count(distinct tier_mode) + count(distinct coalesce(tier_period, 'term')) + count(distinct currency) as ways
    from {{ ref('contract_prices') }}
    where tier_mode is not null
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
)

select
    'contract_tier_gap: tiers start at quantity_over 0 and share tier_mode, tier_period, valid_from, recorded_at and '
    || 'currency; correct seeds/pricing/contract_prices.csv' as reason,
    contract_id,
    model,
    meter,
    service_tier,
    valid_from,
    lowest_tier
from tiers
where lowest_tier > 0 or ways > 3
