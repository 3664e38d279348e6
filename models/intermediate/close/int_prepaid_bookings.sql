{# What a month drew from the lots of an account and what that cost, by what was known at the end of the month of booking. #}
with valued as (
    select * from {{ ref('int_prepaid_lot_bookings') }}
),

summed as (
    select
        booking_month,
        period_month,
        billing_account_id,
        currency,
        sum(drawn_amount) as drawn_amount,
        sum(amortised_amount) as amortised_amount
    from valued
    group by booking_month, period_month, billing_account_id, currency
)

select * from summed
