with keys as (
    select * from {{ ref('int_shared_key_costs') }}
),

summed as (
    select
        period_month,
        api_key_id,
        max(provider) as provider,
        max(billing_account_id) as billing_account_id,
        cast(sum(requests) as bigint) as requests,
        min(case when is_billed_known then 1 else 0 end) = 1 as is_billed_known,
        {{ pico_to_ledger('sum(billed_units)') }} as billed_usd,
        {{ pico_to_ledger('sum(metered_units)') }} as metered_usd,
        {{ pico_to_ledger('sum(traced_units)') }} as traced_usd,
        {{ pico_to_ledger('sum(untraced_units)') }} as untraced_usd
    from keys
    group by period_month, api_key_id
),

allocated as (
    select
        period_month,
        source_id as api_key_id,
        max(flag) as flag,
        sum(case when target_type = '__unallocated__' then allocated_amount_usd else 0 end) as unattributed_usd,
        sum(case when target_type <> '__unallocated__' then allocated_amount_usd else 0 end) as spread_usd
    from {{ ref('fct_allocated_costs') }}
    where source_type = 'api_key'
    group by period_month, source_id
),

modes as (
    select
        period_month,
        substr(pool, 9) as api_key_id,
        rule_id,
        method as mode
    from {{ ref('int_allocation_steps') }}
    where step = 1 and pool like 'api_key:%'
),

joined as (
    select
        summed.period_month,
        summed.api_key_id,
        summed.provider,
        summed.billing_account_id,
        coalesce(modes.mode, 'keep_unattributed') as mode,
        modes.rule_id,
        summed.requests,
        summed.is_billed_known,
        summed.billed_usd,
        summed.metered_usd,
        summed.traced_usd,
        summed.untraced_usd,
        {{ ledger('coalesce(allocated.spread_usd, 0)') }} as spread_usd,
        {{ ledger('coalesce(allocated.unattributed_usd, 0)') }} as unattributed_usd,
        coalesce(allocated.flag = 'over_attributed', false) as is_over_attributed,
        {{ money_ratio('least(summed.traced_usd, summed.billed_usd)', 'summed.billed_usd') }} as coverage
    from summed
    left join allocated on summed.period_month = allocated.period_month and summed.api_key_id = allocated.api_key_id
    left join modes on summed.period_month = modes.period_month and summed.api_key_id = modes.api_key_id
)

select * from joined
