{# For every account and month: when its first invoice with use became known, and what was invoiced without tax and
   without what is an asset. Books take an invoice in the month in which it became known. #}
with arrivals as (
    select
        *,
        {{ month_of('document_known_at') }} as booking_month
    from {{ ref('int_invoice_arrivals') }}
),

summed as (
    select
        billing_month as event_month,
        issuer,
        billing_account_id,
        min(case when charge_class = 'usage' then booking_month end) as invoice_month,
        min(case when charge_class = 'usage' then document_known_at end) as invoice_known_at,
        sum(case when charge_class in ('usage', 'other', 'fee', 'commitment') then functional_amount else 0 end) as net_amount_usd,
        sum(case when charge_class = 'usage' then functional_amount else 0 end) as usage_amount_usd,
        sum(case when charge_class = 'tax' then functional_amount else 0 end) as tax_amount_usd,
        sum(functional_amount) as payable_amount_usd
    from arrivals
    group by billing_month, issuer, billing_account_id
)

select * from summed
