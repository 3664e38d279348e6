{# What of each residual is an exception of its own key, by the key's status. Where no invoice is here, the account is one. #}
{% set wholes = ['currency_mismatch', 'unmapped_sku', 'missing_in_invoice', 'missing_in_export', 'missing_in_estimate'] %}
with legs as (
    select * from {{ ref('fct_reconciliation_legs') }}
),

residuals as (
    select * from {{ ref('int_reconciliation_residuals') }}
),

tolerances as (
    select * from {{ ref('int_reconciliation_tolerances') }}
),

joined as (
    select
        legs.match_status,
        residuals.period_month,
        residuals.issuer,
        residuals.billing_account_id,
        residuals.currency,
        concat(
            legs.issuer, ' / ', legs.billing_account_id, ' / ', legs.model, ' / ', legs.meter, ' / ', legs.service_tier, ' / ', legs.currency
        ) as key,
        residuals.open_price_amount as price_amount,
        residuals.open_unmetered_amount as unmetered_amount,
        residuals.overmetered_amount,
        residuals.rounding_amount,
        residuals.open_unexplained_amount as unexplained_amount,
        residuals.open_amount,
        residuals.open_unmetered_amount + residuals.overmetered_amount as metering_amount,
        residuals.is_awaited,
        residuals.is_uninvoiced,
        tolerances.material,
        coalesce(tolerances.clearly_trivial, 0) as clearly_trivial
    from legs
    inner join residuals
        on
            legs.period_month = residuals.period_month
            and legs.issuer = residuals.issuer
            and legs.billing_account_id = residuals.billing_account_id
            and legs.currency = residuals.currency
            and legs.model = residuals.model
            and legs.meter = residuals.meter
            and legs.service_tier = residuals.service_tier
    left join tolerances on legs.period_month = tolerances.period_month and legs.issuer = tolerances.issuer
),

named as (
    select
        *,
        match_status in ('{{ wholes | join("', '") }}') and abs(open_amount) > clearly_trivial and not is_awaited
        and not (is_uninvoiced and match_status in ('missing_in_invoice', 'missing_in_export')) as is_whole_listed,
        match_status = 'price_exception' and abs(price_amount) > clearly_trivial as is_price_listed,
        match_status = 'quantity_exception' and abs(metering_amount) > clearly_trivial and not is_awaited as is_metering_listed
    from joined
),

{# The whole has what is unexplained in it. #}
judged as (
    select
        *,
        abs(unexplained_amount) > clearly_trivial and not is_uninvoiced and not is_whole_listed as is_unexplained_listed
    from named
)

select * from judged
