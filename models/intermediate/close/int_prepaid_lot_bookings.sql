{# What a month drew from each lot and what that cost, by what was known at the end of a month in which a drawdown was booked
   or a lot ended: the use that documents of then bill, our estimate where none had come. Later news changes no booking. #}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }}
),

uninvoiced as (
    select * from {{ ref('int_uninvoiced_months') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

prepaid_lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

months as (
    select * from {{ ref('int_book_months') }}
),

booking_months as (
    select booking_month from arrivals where charge_class = 'drawdown'
    union distinct
    select months.date_month as booking_month
    from months
    inner join prepaid_lots on months.date_month = prepaid_lots.last_month
),

known_use as (
    select
        booking_months.booking_month,
        arrivals.billing_month as period_month,
        arrivals.issuer,
        arrivals.billing_account_id,
        arrivals.currency,
        arrivals.amount
    from booking_months
    inner join arrivals
        on
            booking_months.booking_month >= arrivals.booking_month
            and (arrivals.replaced_month is null or booking_months.booking_month < arrivals.replaced_month)
    where arrivals.charge_class = 'usage'
    union all
    select
        booking_months.booking_month,
        uninvoiced.event_month as period_month,
        uninvoiced.issuer,
        uninvoiced.billing_account_id,
        '{{ checked_var('reporting_currency') }}' as currency,
        uninvoiced.amount_usd as amount
    from booking_months
    inner join uninvoiced on booking_months.booking_month = uninvoiced.accrual_month
),

lots as (
    select
        booking_months.booking_month,
        concat(prepaid_lots.account_key, '/', cast(booking_months.booking_month as {{ dbt.type_string() }})) as account_key,
        prepaid_lots.lot_id,
        prepaid_lots.lot_number,
        prepaid_lots.provider,
        prepaid_lots.billing_account_id,
        prepaid_lots.currency,
        prepaid_lots.first_month,
        prepaid_lots.period_end,
        prepaid_lots.face_amount,
        prepaid_lots.valued_paid_amount,
        prepaid_lots.valued_face_amount
    from booking_months
    cross join prepaid_lots
),

lot_accounts as (
    select
        account_key,
        booking_month,
        provider,
        billing_account_id,
        currency,
        min(first_month) as first_month,
        max(period_end) as last_end
    from lots
    group by account_key, booking_month, provider, billing_account_id, currency
),

left_0 as (
    select
        lot_accounts.account_key,
        known_use.period_month,
        sum(known_use.amount) as left_amount
    from lot_accounts
    inner join known_use
        on
            lot_accounts.booking_month = known_use.booking_month
            and lot_accounts.currency = known_use.currency
            and lot_accounts.first_month <= known_use.period_month
            and lot_accounts.last_end > known_use.period_month
    inner join accounts
        on
            known_use.billing_account_id = accounts.billing_account_id
            and known_use.issuer = accounts.issuer
            and lot_accounts.provider = accounts.provider
            and (lot_accounts.billing_account_id is null or lot_accounts.billing_account_id = accounts.billing_account_id)
    group by lot_accounts.account_key, known_use.period_month
),

{% for i in range(1, max_lots() + 1) -%}
{{ draw_lot(i) }},

{% endfor -%}
draws as (
    {% for i in range(1, max_lots() + 1) -%}
    select lot_id, account_key, period_month, drawn_amount from drawn_{{ i }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

running as (
    select
        lots.*,
        draws.period_month,
        draws.drawn_amount,
        sum(draws.drawn_amount) over (
            partition by draws.account_key, draws.lot_id order by draws.period_month rows between unbounded preceding and current row
        ) as drawn_to_date
    from draws
    inner join lots on draws.account_key = lots.account_key and draws.lot_id = lots.lot_id
),

valued as (
    select
        *,
        {{ prorated('valued_paid_amount', 'drawn_to_date', 'valued_face_amount') }}
        - {{ prorated('valued_paid_amount', '(drawn_to_date - drawn_amount)', 'valued_face_amount') }} as amortised_amount
    from running
)

select * from valued
