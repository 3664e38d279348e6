{# For every account and month: when its first invoice with use became known, and what is invoiced without tax and without
   what is an asset, by the documents that stand. Books take an invoice in the month in which it became known. #}
with arrivals as (
    select
        *,
        case when replaced_month is null then 1 else 0 end as stands
    from {{ ref('int_invoice_arrivals') }}
),

summed as (
    select
        billing_month as event_month,
        issuer,
        billing_account_id,
        max(case when charge_class = 'usage' then stands else 0 end) as is_invoiced,
        min(case when charge_class = 'usage' then booking_month end) as first_booking_month,
        min(case when charge_class = 'usage' then document_known_at end) as first_known_at,
        sum(case when charge_class in ('usage', 'other', 'fee', 'commitment') then stands * functional_amount else 0 end) as net_amount_usd,
        sum(case when charge_class = 'usage' then stands * functional_amount else 0 end) as usage_amount_usd,
        sum(case when charge_class = 'tax' then stands * functional_amount else 0 end) as tax_amount_usd,
        sum(stands * functional_amount) as payable_amount_usd
    from arrivals
    group by billing_month, issuer, billing_account_id
),

dated as (
    select
        event_month,
        issuer,
        billing_account_id,
        case when is_invoiced = 1 then first_booking_month end as invoice_month,
        case when is_invoiced = 1 then first_known_at end as invoice_known_at,
        net_amount_usd,
        usage_amount_usd,
        tax_amount_usd,
        payable_amount_usd
    from summed
)

select * from dated
