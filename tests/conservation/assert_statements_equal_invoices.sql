-- What the statements post of a vendor's account is what its invoices of the month come to, to the cent; the invoices are
-- those of the reconciliation.
with statements as (
    select
        event_month as period_month,
        issuer,
        coalesce(billing_account_id, '__none__') as billing_account_id,
        currency,
        sum(amount) as statement_amount
    from {{ ref('rpt_chargeback_statements') }}
    where source_type in ('usage', 'api_key', 'true_up')
    group by event_month, issuer, coalesce(billing_account_id, '__none__'), currency
),

invoices as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        sum(invoiced_amount) as invoiced_amount
    from {{ ref('fct_reconciliation_legs') }}
    where invoiced_amount is not null
    group by period_month, issuer, billing_account_id, currency
)

select
    invoices.period_month,
    invoices.issuer,
    invoices.billing_account_id,
    invoices.currency,
    invoices.invoiced_amount,
    statements.statement_amount
from invoices
left join statements
    on
        invoices.period_month = statements.period_month
        and invoices.issuer = statements.issuer
        and invoices.billing_account_id = statements.billing_account_id
        and invoices.currency = statements.currency
where invoices.invoiced_amount <> coalesce(statements.statement_amount, 0)
