-- Where the ledger is read by day, for months that a document covers in part, its days sum to what was posted.
with days as (
    select * from {{ ref('int_posting_days') }}
),

months as (
    select distinct
        event_month,
        issuer,
        billing_account_id
    from days
),

listed as (
    select
        event_month,
        posting_month,
        entity,
        issuer,
        billing_account_id,
        layer,
        cost_center,
        amount_usd as day_amount,
        0 as posted_amount
    from days
    union all
    select
        postings.period_month as event_month,
        postings.posting_month,
        postings.entity,
        postings.issuer,
        postings.billing_account_id,
        postings.layer,
        postings.cost_center,
        0 as day_amount,
        postings.amount_usd as posted_amount
    from {{ ref('fct_postings') }} as postings
    inner join months
        on
            postings.period_month = months.event_month
            and postings.issuer = months.issuer
            and postings.billing_account_id = months.billing_account_id
    where postings.source = 'usage'
),

summed as (
    select
        event_month,
        posting_month,
        entity,
        issuer,
        billing_account_id,
        layer,
        cost_center,
        sum(day_amount) as day_amount,
        sum(posted_amount) as posted_amount
    from listed
    group by event_month, posting_month, entity, issuer, billing_account_id, layer, cost_center
)

select * from summed where day_amount <> posted_amount
