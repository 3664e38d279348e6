{{ config(materialized='table') }}
{# The bridge with its residual, and what of it is open after credits. Components stay as billed beside it. #}
with components as (
    select * from {{ ref('int_reconciliation_components') }}
),

settlements as (
    select * from {{ ref('int_reconciliation_settlements') }}
),

opened as (
    select
        components.*,
        components.price_amount - coalesce(settlements.settled_price_amount, 0) as open_price_amount,
        components.unmetered_amount - coalesce(settlements.settled_unmetered_amount, 0) as open_unmetered_amount,
        components.unexplained_amount - coalesce(settlements.settled_unexplained_amount, 0) as open_unexplained_amount,
        coalesce(settlements.settled_amount, 0) as settled_amount
    from components
    left join settlements
        on
            components.period_month = settlements.period_month
            and components.issuer = settlements.issuer
            and components.billing_account_id = settlements.billing_account_id
            and components.currency = settlements.currency
            and components.model = settlements.model
            and components.meter = settlements.meter
            and components.service_tier = settlements.service_tier
),

summed as (
    select
        *,
        price_amount + unmetered_amount + overmetered_amount + rounding_amount + unexplained_amount as residual_amount,
        open_price_amount + open_unmetered_amount + overmetered_amount + rounding_amount + open_unexplained_amount as open_amount
    from opened
)

select * from summed
