{# What lots lose at their end, booked in their last month by what was known of their use at its end; from then on the change,
   in the next month in which a drawdown is booked or a lot ends. At the rate at which the prepayments were invoiced. #}
with lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

bookings as (
    select * from {{ ref('int_prepaid_lot_bookings') }}
),

arrivals as (
    select * from {{ ref('int_invoice_arrivals') }}
),

months as (
    select * from {{ ref('int_book_months') }}
),

booking_months as (
    select booking_month from arrivals where charge_class = 'drawdown'
    union distinct
    select last_month as booking_month from lots
),

ended as (
    select
        lots.*,
        months.date_month as booking_month
    from lots
    inner join months on lots.last_month <= months.date_month
    inner join booking_months on months.date_month = booking_months.booking_month
),

amortised as (
    select
        booking_month,
        lot_id,
        sum(amortised_amount) as amortised_amount
    from bookings
    group by booking_month, lot_id
),

rates as (
    select
        ended.booking_month,
        ended.lot_id,
        {{ money_ratio('sum(arrivals.functional_amount)', 'sum(arrivals.amount)') }} as invoice_rate
    from ended
    inner join arrivals
        on
            ended.billing_account_id = arrivals.billing_account_id
            and ended.currency = arrivals.currency
            and ended.booking_month >= arrivals.booking_month
            and (arrivals.replaced_month is null or ended.booking_month < arrivals.replaced_month)
    where arrivals.charge_class = 'prepayment'
    group by ended.booking_month, ended.lot_id
),

lost as (
    select
        ended.booking_month,
        ended.lot_id,
        ended.provider,
        ended.billing_account_id,
        ended.currency,
        case when ended.currency = '{{ checked_var('reporting_currency') }}' then 1 else rates.invoice_rate end as invoice_rate,
        {{ posted('ended.paid_amount - coalesce(amortised.amortised_amount, 0)', 'ended.currency') }} as lost_to_date
    from ended
    left join amortised on ended.booking_month = amortised.booking_month and ended.lot_id = amortised.lot_id
    left join rates on ended.booking_month = rates.booking_month and ended.lot_id = rates.lot_id
),

changed as (
    select
        *,
        lost_to_date - coalesce(lag(lost_to_date) over (partition by lot_id order by booking_month), 0) as breakage_amount
    from lost
    where invoice_rate is not null
)

select * from changed
