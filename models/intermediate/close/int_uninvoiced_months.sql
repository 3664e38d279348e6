{# The accrual of each month end: the use that no invoice had reached by then. It is booked again at every month end while
   there is no invoice, and once more after one was taken back. #}
with uninvoiced as (
    select * from {{ ref('int_uninvoiced_use') }} where is_over
),

accrued as (
    select
        accrual_month,
        event_month,
        entity,
        issuer,
        billing_account_id,
        layer,
        cost_center,
        amount_usd
    from uninvoiced
)

select * from accrued
