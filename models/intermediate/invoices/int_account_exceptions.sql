{# What is wrong with an account's months, and with what was bought in advance. #}
with reports as (
    select * from {{ ref('rpt_invoice_reconciliation') }}
),

draws as (
    select * from {{ ref('int_prepaid_draws') }}
),

consumption as (
    select * from {{ ref('int_account_consumption') }}
),

{# A bias is all the months of its run, from the first. #}
runs as (
    select
        *,
        row_number() over (partition by issuer, billing_account_id, currency order by period_month) - periods_same_sign as run_start
    from reports
),

measured_runs as (
    select
        *,
        max(periods_same_sign) over (partition by issuer, billing_account_id, currency, run_start) as run_length
    from runs
),

of_months as (
    select 'persistent_bias' as kind, period_month, issuer, billing_account_id, currency, variance_after_adjustments - settled_amount as amount
    from measured_runs
    where run_length >= 3 and periods_same_sign > 0
    union all
    select 'overdue_invoice' as kind, period_month, issuer, billing_account_id, currency, -estimated_amount as amount
    from reports
    where status = 'missing_invoice'
),

of_accounts as (
    select kind, period_month, issuer, billing_account_id, currency, concat(issuer, ' / ', billing_account_id, ' / ', currency) as key, amount
    from of_months
),

of_lots as (
    select
        'prepaid_overdraft' as kind,
        draws.period_month,
        consumption.issuer,
        consumption.billing_account_id,
        consumption.currency,
        concat(consumption.issuer, ' / ', consumption.billing_account_id, ' / ', consumption.currency) as key,
        draws.drawn_amount as amount
    from draws
    inner join consumption
        on
            draws.account_key = concat(consumption.provider, '/', consumption.billing_account_id, '/', consumption.currency)
            and draws.period_month = consumption.period_month
    where draws.lot_id is null and draws.drawn_amount > 0
)

select * from of_accounts
union all
select * from of_lots
