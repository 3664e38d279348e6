-- The books hold what the ledger posted, to the posting's rounding: per month, accruals less reversals and invoices come to
-- the month's postings of use and its true-ups, and what no vendor invoices is booked as posted.
with entries as (
    select * from {{ ref('fct_journal_entries') }}
),

booked as (
    select
        period_month,
        sum(case when entry_type = 'adjustment' then functional_debit - functional_credit else 0 end) as other_amount,
        sum(case when entry_type = 'accrual' then functional_debit - functional_credit else 0 end) as accrued_amount,
        sum(case when entry_type in ('accrual', 'adjustment') then 1 else 0 end) as line_count
    from entries
    where layer <> '__none__'
    group by period_month
),

accruals as (
    select
        accrual_month as period_month,
        sum(amount_usd) as amount
    from {{ ref('int_uninvoiced_months') }}
    group by accrual_month
),

postings as (
    select
        posting_month as period_month,
        sum(amount_usd) as amount
    from {{ ref('fct_postings') }}
    where source <> 'usage'
    group by posting_month
)

select
    booked.period_month,
    booked.accrued_amount - coalesce(accruals.amount, 0) as accrual_difference,
    booked.other_amount - coalesce(postings.amount, 0) as posting_difference
from booked
inner join {{ ref('int_book_months') }} as months on booked.period_month = months.date_month
left join accruals on booked.period_month = accruals.period_month
left join postings on booked.period_month = postings.period_month
where
    abs(booked.accrued_amount - coalesce(accruals.amount, 0)) > 0.01 * booked.line_count
    or abs(booked.other_amount - coalesce(postings.amount, 0)) > 0.01 * booked.line_count
