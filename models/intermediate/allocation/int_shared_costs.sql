with resolved as (
    select * from {{ ref('int_shared_costs_resolved') }}
),

kept as (
    select
        shared_cost_id,
        pool,
        layer,
        period_start,
        period_end,
        amount,
        currency,
        vendor,
        invoice_id,
        billing_account_id,
        environment,
        capacity_quantity,
        capacity_unit,
        ingested_at
    from resolved
    where record_status = 'kept'
)

select * from kept
