-- direct + allocated + unallocated + idle = total, per month and environment, in the reporting currency, to the pico. The
-- total is the ledger of direct costs, the shared costs, and what shared keys were billed beyond our metered calls.
with direct_costs as (
    select
        period_month,
        environment,
        cost_usd as direct_amount,
        0 as pool_amount,
        0 as showback_amount
    from {{ ref('int_direct_costs_monthly') }}
),

pool_costs as (
    select
        period_month,
        environment,
        0 as direct_amount,
        {{ pico_to_ledger('amount_usd_pico') }} as pool_amount,
        0 as showback_amount
    from {{ ref('int_shared_cost_months') }}
),

key_costs as (
    select
        period_month,
        environment,
        0 as direct_amount,
        {{ pico_to_ledger('billed_units - metered_units') }} as pool_amount,
        0 as showback_amount
    from {{ ref('int_shared_key_costs') }}
),

showback as (
    select
        period_month,
        environment,
        0 as direct_amount,
        0 as pool_amount,
        total_cost_usd as showback_amount
    from {{ ref('rpt_showback') }}
),

listed as (
    select * from direct_costs
    union all
    select * from pool_costs
    union all
    select * from key_costs
    union all
    select * from showback
),

summed as (
    select
        period_month,
        environment,
        sum(direct_amount) as direct_amount,
        sum(pool_amount) as pool_amount,
        sum(showback_amount) as showback_amount
    from listed
    group by period_month, environment
)

select * from summed
where direct_amount + pool_amount <> showback_amount
