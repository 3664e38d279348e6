{# What the ledger held at each month end for a month that no invoice had reached by then: the accrual of that month end.
   It is booked again at every month end while there is no
   invoice, and once more after one was taken back. #}
with postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

invoiced as (
    select * from {{ ref('int_invoiced_months') }}
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
    left join invoiced
        on
            month_ends.accrual_month = invoiced.accrual_month
            and postings.period_month = invoiced.event_month
            and postings.issuer = invoiced.issuer
            and postings.billing_account_id = invoiced.billing_account_id
    where invoiced.accrual_month is null
    group by
        month_ends.accrual_month, postings.period_month, postings.entity, coalesce(postings.issuer, '__none__'),
        coalesce(postings.billing_account_id, '__none__'), postings.layer, postings.cost_center
)

select * from summed
