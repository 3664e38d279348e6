with resolved as (
    select * from {{ ref('int_tenant_revenue_resolved') }}
),

kept as (
    select
        tenant_id,
        period_start,
        period_end,
        revenue_amount,
        currency,
        product
    from resolved
    where record_status = 'kept'
)

select * from kept
