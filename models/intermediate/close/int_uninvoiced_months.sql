{# What the ledger held at each month end for a month that no invoice had reached by then: the accrual of that month end.
   It is booked again at every month end until the invoice is there. #}
with postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

vendor_months as (
    select * from {{ ref('int_vendor_months') }}
),

month_ends as (
    select date_month as accrual_month from {{ ref('int_book_months') }}
),

summed as (
    select
        month_ends.accrual_month,
        postings.period_month as event_month,
        postings.entity,
        coalesce(postings.issuer, '__none__') as issuer,
        coalesce(postings.billing_account_id, '__none__') as billing_account_id,
        postings.layer,
        postings.cost_center,
        sum(postings.amount_usd) as amount_usd
    from postings
    inner join month_ends on postings.posting_month <= month_ends.accrual_month
    left join vendor_months
        on
            postings.period_month = vendor_months.event_month
            and postings.issuer = vendor_months.issuer
            and postings.billing_account_id = vendor_months.billing_account_id
    where vendor_months.invoice_month is null or vendor_months.invoice_month > month_ends.accrual_month
    group by
        month_ends.accrual_month, postings.period_month, postings.entity, coalesce(postings.issuer, '__none__'),
        coalesce(postings.billing_account_id, '__none__'), postings.layer, postings.cost_center
)

select * from summed
