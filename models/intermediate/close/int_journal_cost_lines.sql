{# Accruals of use without an invoice, and the costs that no vendor of calls invoices: reviews, metered charges, pools and
   what was booked by hand. #}
with uninvoiced as (
    select * from {{ ref('int_uninvoiced_months') }}
),

postings as (
    select * from {{ ref('fct_postings') }} where source <> 'usage'
),

months as (
    select * from {{ ref('int_book_months') }}
),

accounts as (
    select * from {{ ref('int_posting_accounts') }}
),

accruals as (
    select
        entity,
        accrual_month as period_month,
        'accrual' as entry_type,
        concat(issuer, '/', billing_account_id, '/', {{ period_of('event_month') }}) as source_id,
        layer,
        cost_center,
        amount_usd,
        concat('Use of ', {{ period_of('event_month') }}, ' not invoiced by ', issuer) as memo
    from uninvoiced
),

others as (
    select
        postings.entity,
        postings.posting_month as period_month,
        'adjustment' as entry_type,
        postings.source as source_id,
        postings.layer,
        postings.cost_center,
        sum(postings.amount_usd) as amount_usd,
        concat('Ledger cost without a vendor invoice: ', postings.source) as memo
    from postings
    inner join months on postings.posting_month = months.date_month
    group by postings.entity, postings.posting_month, postings.source, postings.layer, postings.cost_center
),

drafts as (
    select * from accruals
    union all
    select * from others
),

accounted as (
    select
        drafts.entity,
        drafts.period_month,
        drafts.entry_type,
        'ledger' as source_type,
        drafts.source_id,
        last_day(drafts.period_month) as posting_date,
        case when drafts.entry_type = 'accrual' then {{ month_of('drafts.period_month + interval 1 month') }} end as reversed_on,
        drafts.layer,
        drafts.cost_center,
        accounts.debit_account as account,
        accounts.credit_account as counter_account,
        '{{ checked_var('reporting_currency') }}' as currency,
        cast(1 as decimal(24, 12)) as fx_rate,
        cast(drafts.amount_usd as decimal(38, 12)) as amount,
        drafts.memo
    from drafts
    inner join accounts on drafts.layer = accounts.layer and drafts.entry_type = accounts.entry_type
)

select * from accounted
