-- An account's month that is to be investigated, or is material, has an exception: of its keys or of the account, or of a
-- bias where the months' sign is all that is wrong with it.
{% set account = 'period_month, issuer, billing_account_id, currency' %}
with reports as (
    select * from {{ ref('rpt_invoice_reconciliation') }}
),

exceptions as (
    select * from {{ ref('rpt_reconciliation_exceptions') }}
),

open_residuals as (
    select
        {{ account }},
        sum(open_amount) as open_amount,
        sum(abs(open_amount)) as open_gross_amount
    from {{ ref('int_reconciliation_residuals') }}
    group by {{ account }}
),

judged as (
    select
        reports.period_month,
        reports.issuer,
        reports.billing_account_id,
        reports.currency,
        reports.status,
        reports.status = 'investigate' and open_residuals.open_gross_amount <= reports.tolerance as is_bias_only
    from reports
    inner join open_residuals
        on
            reports.period_month = open_residuals.period_month
            and reports.issuer = open_residuals.issuer
            and reports.billing_account_id = open_residuals.billing_account_id
            and reports.currency = open_residuals.currency
    where reports.status in ('investigate', 'material')
),

unlisted as (
    select judged.*
    from judged
    left join exceptions
        on
            judged.issuer = exceptions.issuer
            and judged.billing_account_id = exceptions.billing_account_id
            and judged.currency = exceptions.currency
            and {{ period_of('judged.period_month') }} between exceptions.first_seen_period and exceptions.last_seen_period
            and exceptions.kind not in ('duplicate_invoice', 'draft_invoice', 'unresolved_reference', 'unmatched_payment', 'prepaid_overdraft')
            and (judged.is_bias_only or exceptions.kind <> 'persistent_bias')
    where exceptions.exception_id is null
)

select * from unlisted
