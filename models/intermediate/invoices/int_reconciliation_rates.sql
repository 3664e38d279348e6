{# What one unit of the billing currency was worth when the ledger booked its cost; without cost, the month's average. #}
with usage_costs as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

fx_rates as (
    select * from {{ ref('fx_rates') }}
),

legs as (
    select * from {{ ref('int_reconciliation_legs') }}
),

booked as (
    select
        usage_costs.period_month,
        coalesce(accounts.issuer, usage_costs.provider) as issuer,
        coalesce(usage_costs.billing_account_id, '__none__') as billing_account_id,
        usage_costs.currency,
        {{ micros_to_ledger('sum(usage_costs.cost_micros)') }} as amount,
        sum(usage_costs.cost_usd) as functional_amount
    from usage_costs
    left join accounts
        on usage_costs.billing_account_id = accounts.billing_account_id and usage_costs.provider = accounts.provider
    group by
        usage_costs.period_month,
        coalesce(accounts.issuer, usage_costs.provider),
        coalesce(usage_costs.billing_account_id, '__none__'),
        usage_costs.currency
),

averages as (
    select
        currency_from as currency,
        rate_date as period_month,
        rate
    from fx_rates
    where rate_type = 'month_avg' and currency_to = '{{ checked_var('reporting_currency') }}'
),

billed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        sum(invoiced_amount) as amount,
        sum(invoiced_functional_amount) as functional_amount
    from legs
    group by period_month, issuer, billing_account_id, currency
),

rated as (
    select
        billed.period_month,
        billed.issuer,
        billed.billing_account_id,
        billed.currency,
        case
            when billed.currency = '{{ checked_var('reporting_currency') }}' then 1
            when booked.amount > 0 then {{ money_ratio('booked.functional_amount', 'booked.amount') }}
            when averages.rate is not null then averages.rate
            else {{ money_ratio('billed.functional_amount', 'billed.amount') }}
        end as accrual_rate
    from billed
    left join booked
        on
            billed.period_month = booked.period_month
            and billed.issuer = booked.issuer
            and billed.billing_account_id = booked.billing_account_id
            and billed.currency = booked.currency
    left join averages on billed.currency = averages.currency and billed.period_month = averages.period_month
),

typed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        cast(accrual_rate as decimal(24, 12)) as accrual_rate
    from rated
)

select * from typed
