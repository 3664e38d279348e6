{# What a vendor gives back on an invoice that is here. An adjustment that names a meter and no invoice is of its own document. #}
with lines as (
    select
        *,
        coalesce(reference_invoice_id, case when line_type = 'adjustment' and meter is not null then invoice_id end) as claimed_invoice_id
    from {{ ref('int_invoice_lines_measured') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

{# A number may bill several months; what refers to it is put to the first. #}
documents as (
    select
        issuer,
        invoice_id,
        billing_account_id,
        currency,
        min(billing_period_start) as billing_period_start
    from invoices
    where payable_state = 'payable'
    group by issuer, invoice_id, billing_account_id, currency
),

credits as (
    select
        case when lines.reference_invoice_id is null then lines.period_month else {{ month_of('documents.billing_period_start') }} end as period_month,
        lines.issuer,
        lines.billing_account_id,
        lines.currency,
        lines.claimed_invoice_id as invoice_id,
        lines.model,
        lines.meter,
        -lines.amount as amount
    from lines
    inner join documents
        on
            lines.issuer = documents.issuer
            and lines.claimed_invoice_id = documents.invoice_id
            and lines.billing_account_id = documents.billing_account_id
            and lines.currency = documents.currency
    where lines.line_type in ('credit', 'adjustment') and lines.amount < 0 and lines.payable_state = 'payable'
)

select * from credits
