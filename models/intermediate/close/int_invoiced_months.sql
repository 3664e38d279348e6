{# What stood in the books at each month end: the documents with use that had come by then and were not taken back. #}
with shares as (
    select * from {{ ref('int_invoice_month_shares') }}
),

months as (
    select date_month as accrual_month from {{ ref('int_book_months') }}
),

summed as (
    select
        months.accrual_month,
        shares.event_month,
        shares.issuer,
        shares.billing_account_id,
        sum(shares.usage_amount_usd) as usage_amount_usd
    from months
    inner join shares
        on
            months.accrual_month >= shares.booking_month
            and (shares.replaced_month is null or months.accrual_month < shares.replaced_month)
    group by months.accrual_month, shares.event_month, shares.issuer, shares.billing_account_id
)

select * from summed
