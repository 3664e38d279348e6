{# Contract prices that are more than a rate: whole blocks, a least charge, prices by the quantity of a period. #}
with contract_prices as (
    select * from {{ ref('contract_prices') }}
),

terms as (
    select
        {{ price_terms_id('contract_prices') }} as terms_id,
        contract_prices.tier_mode,
        contract_prices.tier_period,
        contract_prices.block_quantity,
        cast(contract_prices.minimum_charge * 1000000 as decimal(18, 6)) as minimum_micros,
        cast(coalesce(contract_prices.quantity_over, 0) as decimal(28, 6)) as quantity_over,
        {{ rate_per_million('contract_prices.price', 'contract_prices.per_quantity') }} as rate
    from contract_prices
),

tiered as (
    select
        *,
        coalesce(
            lead(quantity_over) over (partition by terms_id order by quantity_over), cast(99999999999999 as decimal(28, 6))
        ) as quantity_up_to
    from terms
    where terms_id is not null
)

select * from tiered
