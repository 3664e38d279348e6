{# A drawdown turns a prepayment into cost: at what was known of the lots when it was booked, and from then on by the change,
   in the next month in which one is booked. So nothing booked moves, and what is amortised to date is right. #}
{% set document = ['issuer', 'invoice_id', 'issued_on', 'billing_account_id', 'billing_month', 'currency'] %}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }} where charge_class = 'drawdown'
),

bookings as (
    select * from {{ ref('int_prepaid_bookings') }}
),

booking_months as (
    select distinct booking_month from arrivals
),

standing as (
    select
        arrivals.{{ document | join(',\n        arrivals.') }},
        arrivals.booking_month as document_month,
        booking_months.booking_month,
        case
            when booking_months.booking_month = arrivals.booking_month then cast(arrivals.document_known_at as date)
            else last_day(booking_months.booking_month)
        end as posting_date,
        -arrivals.amount as drawdown_amount
    from arrivals
    inner join booking_months
        on
            arrivals.booking_month <= booking_months.booking_month
            and (arrivals.replaced_month is null or arrivals.replaced_month > booking_months.booking_month)
),

valued as (
    select
        standing.*,
        coalesce({{ prorated('bookings.amortised_amount', 'standing.drawdown_amount', 'bookings.drawn_amount') }}, standing.drawdown_amount) as amortised_to_date
    from standing
    left join bookings
        on
            standing.booking_month = bookings.booking_month
            and standing.billing_month = bookings.period_month
            and standing.billing_account_id = bookings.billing_account_id
            and standing.currency = bookings.currency
),

changed as (
    select
        *,
        amortised_to_date - coalesce(
            lag(amortised_to_date) over (partition by {{ document | join(', ') }}, document_month order by booking_month), 0
        ) as amortised_amount
    from valued
)

select * from changed
