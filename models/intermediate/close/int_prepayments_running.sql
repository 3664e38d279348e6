{# The months in which an account has a prepayment to draw on. #}
with lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

numbers as (
    {{ small_numbers() }}
),

months as (
    select
        lots.billing_account_id,
        lots.currency,
        lots.period_end,
        {{ month_of(add_months('lots.first_month', 'numbers.n')) }} as date_month
    from lots
    cross join numbers
),

running as (
    select distinct
        date_month,
        billing_account_id,
        currency
    from months
    where date_month < period_end
)

select * from running
