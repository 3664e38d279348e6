{# Every invoice line as it counted at some time: books that are closed rest on what was known then. #}
with resolved as (
    select * from {{ ref('int_invoice_lines_resolved') }} where record_status = 'kept' or replaced_at is not null
),

dated as (
    select
        issuer,
        invoice_id,
        invoice_line_id,
        issued_on,
        billing_account_id,
        billing_period_start,
        billing_period_end,
        status,
        line_type,
        model,
        amount,
        currency,
        coalesce(charge_period_start, billing_period_start) as charge_start,
        coalesce(charge_period_end, billing_period_end) as charge_end,
        case when charge_period_start is null then 0 else 1 end as has_service_period,
        reference_invoice_id,
        {{ known_at('ingested_at', 'cast(issued_on as timestamp)') }} as known_at,
        {{ month_of(known_at('ingested_at', 'cast(issued_on as timestamp)')) }} as known_month,
        {{ month_of('replaced_at') }} as replaced_month
    from resolved
)

select * from dated
