{# A payable document as the books take it: what is expense, what is recoverable tax, what is bought in advance and what
   was paid in advance. A credit of an account with a running prepayment that names no model and no invoice draws it down. #}
with lines as (
    select * from {{ ref('int_invoice_lines_measured') }} where payable_state = 'payable'
),

running as (
    select * from {{ ref('int_prepayments_running') }}
),

classified as (
    select
        lines.*,
        {{ month_of('lines.billing_period_start') }} as billing_month,
        case
            when lines.line_type in ('usage', 'tax', 'prepayment', 'fee', 'commitment') then lines.line_type
            when lines.line_type = 'credit' and lines.amount < 0 and lines.model is null and lines.reference_invoice_id is null
                and running.billing_account_id is not null then 'drawdown'
            else 'other'
        end as charge_class
    from lines
    left join running
        on
            lines.billing_account_id = running.billing_account_id
            and lines.currency = running.currency
            and {{ month_of('lines.billing_period_start') }} = running.date_month
),

summed as (
    select
        issuer,
        invoice_id,
        issued_on,
        billing_account_id,
        billing_month,
        currency,
        charge_class,
        sum(amount) as amount,
        sum(functional_amount) as functional_amount,
        min(known_at) as known_at
    from classified
    group by issuer, invoice_id, issued_on, billing_account_id, billing_month, currency, charge_class
),

dated as (
    select
        *,
        min(known_at) over (partition by issuer, invoice_id, issued_on, billing_account_id, billing_month, currency) as document_known_at
    from summed
)

select * from dated
