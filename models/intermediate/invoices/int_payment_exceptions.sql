{# Payments that meet no invoice: an unknown number, or another currency than it was billed in. #}
with payments as (
    select * from {{ ref('invoice_settlements') }}
),

settled as (
    select * from {{ ref('int_invoice_settlements') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

documents as (
    select
        issuer,
        invoice_id,
        min(billing_account_id) as billing_account_id
    from invoices
    group by issuer, invoice_id
),

unmatched as (
    select
        'unmatched_payment' as kind,
        {{ month_of('payments.settled_on') }} as period_month,
        payments.issuer,
        coalesce(documents.billing_account_id, '__none__') as billing_account_id,
        payments.currency,
        concat(payments.issuer, ' / ', payments.invoice_id, ' / ', cast(payments.settled_on as {{ dbt.type_string() }})) as key,
        cast(payments.amount as decimal(38, 12)) as amount
    from payments
    cross join clock
    left join settled
        on
            payments.issuer = settled.issuer
            and payments.invoice_id = settled.invoice_id
            and payments.settled_on = settled.settled_on
    left join documents on payments.issuer = documents.issuer and payments.invoice_id = documents.invoice_id
    where settled.invoice_id is null and payments.settled_on <= cast(clock.as_of as date)
)

select * from unmatched
