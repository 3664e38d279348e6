{# What stood in the books at each month end: the documents with use that had come by then and were not taken back. #}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }} where charge_class = 'usage'
),

months as (
    select date_month as accrual_month from {{ ref('int_book_months') }}
),

summed as (
    select
        months.accrual_month,
        arrivals.billing_month as event_month,
        arrivals.issuer,
        arrivals.billing_account_id,
        sum(arrivals.functional_amount) as usage_amount_usd
    from months
    inner join arrivals
        on
            months.accrual_month >= arrivals.booking_month
            and (arrivals.replaced_month is null or months.accrual_month < arrivals.replaced_month)
    group by months.accrual_month, arrivals.billing_month, arrivals.issuer, arrivals.billing_account_id
)

select * from summed
