{# What is wrong with documents, with an account's months, and with what was bought in advance. #}
with reports as (
    select * from {{ ref('rpt_invoice_reconciliation') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

draws as (
    select * from {{ ref('int_prepaid_draws') }}
),

consumption as (
    select * from {{ ref('int_account_consumption') }}
),

of_documents as (
    select
        case
            when is_suspected_duplicate then 'suspected_duplicate'
            when payable_state = 'duplicate' then 'duplicate_invoice'
            when is_reference_unresolved then 'unresolved_reference'
            else 'draft_invoice'
        end as kind,
        {{ month_of('billing_period_start') }} as period_month,
        issuer,
        billing_account_id,
        currency,
        concat(issuer, ' / ', invoice_id) as key,
        amount
    from invoices
    where is_suspected_duplicate or payable_state in ('duplicate', 'draft') or (is_reference_unresolved and payable_state = 'payable')
),

of_months as (
    select 'persistent_bias' as kind, period_month, issuer, billing_account_id, currency, variance_after_adjustments as amount
    from reports
    where periods_same_sign >= 3
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

select * from of_documents
union all
select * from of_accounts
union all
select * from of_lots
