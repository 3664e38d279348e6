{# What an account used in a month, in a currency: what was billed for use, or our estimate while the invoice is out. #}
with legs as (
    select * from {{ ref('int_reconciliation_components') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

summed as (
    select
        period_month,
        issuer,
        billing_account_id,
        max(provider) as provider,
        currency,
        sum(coalesce(estimated_amount, 0)) as estimated_amount,
        sum(usage_amount) as billed_amount
    from legs
    group by period_month, issuer, billing_account_id, currency
),

named as (
    select
        summed.period_month,
        summed.issuer,
        summed.billing_account_id,
        coalesce(accounts.provider, summed.provider) as provider,
        summed.currency,
        case when summed.billed_amount <> 0 then summed.billed_amount else summed.estimated_amount end as amount
    from summed
    left join accounts on summed.billing_account_id = accounts.billing_account_id and summed.issuer = accounts.issuer
)

select * from named
