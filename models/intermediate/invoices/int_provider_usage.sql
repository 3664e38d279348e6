with resolved as (
    select * from {{ ref('int_provider_usage_resolved') }}
),

kept as (
    select
        line_id,
        provider,
        billing_account_id,
        period_start,
        period_end,
        model,
        meter,
        service_tier,
        quantity,
        quantity_unit,
        amount,
        currency,
        project_id,
        api_key_id,
        ingested_at
    from resolved
    where record_status = 'kept'
)

select * from kept
