with resolved as (
    select * from {{ ref('int_invoice_lines_resolved') }}
),

kept as (
    select
        invoice_id,
        invoice_line_id,
        issuer,
        provider,
        billing_account_id,
        billing_period_start,
        billing_period_end,
        issued_on,
        status,
        line_type,
        model,
        meter,
        service_tier,
        description,
        quantity,
        quantity_unit,
        unit_price,
        amount,
        currency,
        charge_period_start,
        charge_period_end,
        reference_invoice_id,
        ingested_at
    from resolved
    where record_status = 'kept'
)

select * from kept
