{{ config(materialized='table') }}
{# What the ledger held at each month end, and now, for days that no invoice had reached by then. A month without a document
   counts whole; of the others, the days that none covers. #}
{% set account = ['accrual_month', 'event_month', 'issuer', 'billing_account_id'] %}
with postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

days as (
    select * from {{ ref('int_posting_days') }}
),

month_ends as (
    select
        date_month as accrual_month,
        true as is_over
    from {{ ref('int_book_months') }}
    union all
    select
        {{ month_of('as_of') }} as accrual_month,
        false as is_over
    from {{ ref('int_as_of') }}
),

covered as (
    select
        month_ends.accrual_month,
        month_ends.is_over,
        coverage.event_month,
        coverage.issuer,
        coverage.billing_account_id,
        coverage.first_day,
        coverage.end_day
    from month_ends
    inner join {{ ref('int_invoice_coverage') }} as coverage
        on
            month_ends.accrual_month >= coverage.booking_month
            and (coverage.replaced_month is null or month_ends.accrual_month < coverage.replaced_month)
),

invoiced as (
    select distinct
        {{ account | join(',\n        ') }},
        is_over
    from covered
),

whole as (
    select
        month_ends.accrual_month, month_ends.is_over, postings.period_month as event_month, postings.entity,
        coalesce(postings.issuer, '__none__') as issuer, coalesce(postings.billing_account_id, '__none__') as billing_account_id,
        postings.layer, postings.cost_center, postings.amount_usd
    from postings
    inner join month_ends on postings.posting_month <= month_ends.accrual_month
    left join invoiced
        on
            month_ends.accrual_month = invoiced.accrual_month
            and postings.period_month = invoiced.event_month
            and postings.issuer = invoiced.issuer
            and postings.billing_account_id = invoiced.billing_account_id
    where invoiced.accrual_month is null
),

part as (
    select
        invoiced.accrual_month, invoiced.is_over, days.event_month, days.entity, days.issuer, days.billing_account_id, days.layer,
        days.cost_center, days.amount_usd
    from days
    inner join invoiced
        on
            days.event_month = invoiced.event_month
            and days.issuer = invoiced.issuer
            and days.billing_account_id = invoiced.billing_account_id
            and days.posting_month <= invoiced.accrual_month
    left join covered
        on
            invoiced.accrual_month = covered.accrual_month
            and invoiced.event_month = covered.event_month
            and invoiced.issuer = covered.issuer
            and invoiced.billing_account_id = covered.billing_account_id
            and days.usage_date >= covered.first_day
            and days.usage_date < covered.end_day
    where covered.accrual_month is null
),

listed as (
    select * from whole
    union all
    select * from part
),

summed as (
    select
        accrual_month,
        is_over,
        event_month,
        entity,
        issuer,
        billing_account_id,
        layer,
        cost_center,
        sum(amount_usd) as amount_usd
    from listed
    group by accrual_month, is_over, event_month, entity, issuer, billing_account_id, layer, cost_center
)

select * from summed where amount_usd <> 0
