-- What was paid for a lot is told by account, currency and day: of two lots of one day nobody could tell which cost what.
select
    'lot_repeated: two lots of this account and currency begin on this day; make one row of them in seeds/pricing/commitments.csv' as reason,
    billing_account_id,
    currency,
    period_start,
    count(*) as lots
from {{ ref('commitments') }}
where kind = 'prepaid' and billing_account_id is not null
group by billing_account_id, currency, period_start
having count(*) > 1
