{# The months in which an account has a prepayment to draw on. #}
with lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

months as (
    select * from {{ ref('int_commitment_calendar') }}
),

running as (
    select distinct
        months.date_month,
        lots.billing_account_id,
        lots.currency
    from lots
    inner join months on lots.first_month <= months.date_month and lots.period_end > months.date_month
)

select * from running
