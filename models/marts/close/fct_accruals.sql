{# What was accrued at a month end for use without an invoice, reversed whole on the next day, and trued up when the
   invoice came. #}
with uninvoiced as (
    select * from {{ ref('int_uninvoiced_months') }}
),

vendor_months as (
    select * from {{ ref('int_vendor_months') }}
),

postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

clock as (
    select * from {{ ref('int_as_of') }}
),

own_month as (
    select
        event_month,
        issuer,
        billing_account_id,
        sum(amount_usd) as accrued
    from uninvoiced
    where accrual_month = event_month
    group by event_month, issuer, billing_account_id
),

ledger as (
    select
        period_month as event_month,
        coalesce(issuer, '__none__') as issuer,
        coalesce(billing_account_id, '__none__') as billing_account_id,
        sum(amount_usd) as ledger_amount,
        sum(case when is_adjustment then amount_usd else 0 end) as late_amount
    from postings
    group by period_month, coalesce(issuer, '__none__'), coalesce(billing_account_id, '__none__')
),

accrued as (
    select
        ledger.event_month,
        ledger.issuer,
        ledger.billing_account_id,
        coalesce(own_month.accrued, 0) as accrued,
        {{ month_of('ledger.event_month + interval 1 month') }} as reversal_month,
        vendor_months.invoice_month,
        case when vendor_months.invoice_month is not null then vendor_months.net_amount_usd end as invoiced,
        ledger.ledger_amount,
        ledger.late_amount,
        clock.as_of
    from ledger
    cross join clock
    left join own_month
        on
            ledger.event_month = own_month.event_month
            and ledger.issuer = own_month.issuer
            and ledger.billing_account_id = own_month.billing_account_id
    left join vendor_months
        on
            ledger.event_month = vendor_months.event_month
            and ledger.issuer = vendor_months.issuer
            and ledger.billing_account_id = vendor_months.billing_account_id
),

trued_up as (
    select
        *,
        case when reversal_month <= as_of then accrued else 0 end as reversed,
        invoiced - accrued as true_up
    from accrued
),

typed as (
    select
        {{ period_of('event_month') }} as period,
        event_month as period_month,
        issuer,
        billing_account_id,
        '{{ checked_var('reporting_currency') }}' as currency,
        cast(accrued as decimal(38, 12)) as accrued,
        cast(reversed as decimal(38, 12)) as reversed,
        case when reversed <> 0 then {{ period_of('reversal_month') }} end as reversal_period,
        cast(invoiced as decimal(38, 12)) as invoiced,
        {{ period_of('invoice_month') }} as invoice_period,
        cast(true_up as decimal(38, 12)) as true_up,
        {{ money_ratio('invoiced - abs(true_up)', 'invoiced') }} as accuracy_rate,
        {{ money_ratio('true_up', 'invoiced') }} as bias_rate,
        cast(ledger_amount as decimal(38, 12)) as ledger_amount,
        cast(late_amount as decimal(38, 12)) as late_amount,
        invoiced is null as is_uninvoiced
    from trued_up
)

select * from typed
