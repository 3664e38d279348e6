with usage as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

described as (
    select
        provider,
        reported_model,
        min(model) as model,
        min(first_occurred_at) as first_used_at,
        max(last_occurred_at) as last_used_at,
        cast(sum(requests) as bigint) as requests,
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        max(case when price_number is null then 0 else 1 end) = 1 as is_priced
    from usage
    group by provider, reported_model
)

select * from described
