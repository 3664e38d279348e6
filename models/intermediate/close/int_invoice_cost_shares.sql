{# How the use of a month is spread over layers and cost centers by the ledger, as it stood when a document of it was booked, or
   what it drew from a prepayment. #}
with arrivals as (
    select issuer, billing_account_id, billing_month, booking_month from {{ ref('int_invoice_arrivals') }}
    union
    select issuer, billing_account_id, billing_month, booking_month from {{ ref('int_prepaid_amortisations') }}
),

postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

billing_accounts as (
    select * from {{ ref('billing_accounts') }}
),

weighted as (
    select
        arrivals.issuer,
        arrivals.billing_account_id,
        arrivals.billing_month,
        arrivals.booking_month,
        coalesce(postings.layer, 'model_api') as layer,
        coalesce(postings.cost_center, billing_accounts.cost_center, '__unassigned__') as cost_center,
        coalesce(sum(postings.amount_usd), 1) as weight
    from arrivals
    left join postings
        on
            arrivals.issuer = postings.issuer
            and arrivals.billing_account_id = postings.billing_account_id
            and arrivals.billing_month = postings.period_month
            and arrivals.booking_month >= postings.posting_month
            and postings.amount_usd > 0
    left join billing_accounts
        on arrivals.billing_account_id = billing_accounts.billing_account_id and arrivals.issuer = billing_accounts.issuer
    group by
        arrivals.issuer, arrivals.billing_account_id, arrivals.billing_month, arrivals.booking_month,
        coalesce(postings.layer, 'model_api'), coalesce(postings.cost_center, billing_accounts.cost_center, '__unassigned__')
),

{# In millionths, so that a product with an amount stays exact. #}
scaled as (
    select
        issuer,
        billing_account_id,
        billing_month,
        booking_month,
        layer,
        cost_center,
        cast(weight * 1000000 as decimal(26, 0)) + 1 as weight
    from weighted
),

summed as (
    select
        *,
        sum(weight) over (partition by issuer, billing_account_id, billing_month, booking_month) as weight_sum
    from scaled
)

select * from summed
