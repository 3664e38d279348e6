-- Every payable invoice line, every export record and every estimated cost is in exactly one leg, per currency.
with legs as (
    select
        currency,
        sum(coalesce(estimated_amount, 0)) as estimated_amount,
        sum(coalesce(exported_amount, 0)) as exported_amount,
        sum(coalesce(invoiced_amount, 0)) as invoiced_amount
    from {{ ref('fct_reconciliation_legs') }}
    group by currency
),

sources as (
    select currency, sum(cost_micros) * 0.000001 as estimated_amount, 0 as exported_amount, 0 as invoiced_amount
    from {{ ref('int_usage_costs_monthly') }}
    group by currency
    union all
    select currency, 0 as estimated_amount, sum(amount) as exported_amount, 0 as invoiced_amount
    from {{ ref('int_reconciliation_exports') }}
    group by currency
    union all
    select lines.currency, 0 as estimated_amount, 0 as exported_amount, sum(lines.amount) as invoiced_amount
    from {{ ref('int_invoice_lines') }} as lines
    inner join {{ ref('int_invoices') }} as invoices
        on
            lines.issuer = invoices.issuer
            and lines.invoice_id = invoices.invoice_id
            and lines.issued_on = invoices.issued_on
            and lines.billing_account_id = invoices.billing_account_id
            and lines.billing_period_start = invoices.billing_period_start
            and lines.currency = invoices.currency
    where invoices.payable_state = 'payable'
    group by lines.currency
),

totals as (
    select
        currency,
        sum(estimated_amount) as estimated_amount,
        sum(coalesce(exported_amount, 0)) as exported_amount,
        sum(invoiced_amount) as invoiced_amount
    from sources
    group by currency
)

select totals.*
from totals
left join legs on totals.currency = legs.currency
where
    totals.estimated_amount <> coalesce(legs.estimated_amount, 0)
    or totals.exported_amount <> coalesce(legs.exported_amount, 0)
    or totals.invoiced_amount <> coalesce(legs.invoiced_amount, 0)
