-- By the average method one lot may cost more than was paid for it and another less; all lots of an account may not: a cheap
-- lot that is bought after dear ones were used up is drawn at an average of what is no longer there.
with charges as (
    select
        account_key,
        period_month,
        sum(amortised_amount + breakage_amount) as amount
    from {{ ref('int_prepaid_months') }}
    group by account_key, period_month
),

charged as (
    select
        account_key,
        period_month,
        sum(amount) over (partition by account_key order by period_month) as amount
    from charges
),

lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

paid as (
    select
        charged.account_key,
        charged.period_month,
        charged.amount,
        sum(lots.paid_amount) as paid_amount,
        max(case when lots.valuation_method = 'wac' then 1 else 0 end) as has_average
    from charged
    inner join lots on charged.account_key = lots.account_key and charged.period_month >= lots.first_month
    group by charged.account_key, charged.period_month, charged.amount
)

select
    'lots_average: by the average the lots of this account have cost more than was paid for them by this month, because cheap '
    || 'ones were bought after dear ones were used; value them by fifo in seeds/pricing/commitments.csv' as reason,
    account_key,
    period_month,
    amount,
    paid_amount
from paid
where has_average = 1 and amount > paid_amount
