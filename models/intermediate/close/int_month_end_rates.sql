{# The rate at which a month that is over ends: the last spot rate of its last day or before. #}
with months as (
    select * from {{ ref('int_book_months') }}
),

rates as (
    select * from {{ ref('int_spot_rates') }}
),

last_days as (
    select
        months.date_month,
        rates.currency,
        max(rates.rate_date) as rate_date
    from months
    inner join rates on rates.rate_date <= last_day(months.date_month)
    group by months.date_month, rates.currency
),

ended as (
    select
        last_days.date_month,
        last_days.currency,
        rates.rate
    from last_days
    inner join rates on last_days.currency = rates.currency and last_days.rate_date = rates.rate_date
)

select * from ended
