-- The components of the bridge add up to invoice less estimate, per key and so per currency and month, exactly; in the
-- reporting currency as well. Nothing is lost on the way from the invoices and from the ledger to the legs.
with legs as (
    select * from {{ ref('fct_reconciliation_legs') }}
),

components as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        model,
        meter,
        service_tier,
        count(*) as components,
        sum(amount) as amount,
        sum(functional_amount) as functional_amount
    from {{ ref('fct_reconciliation_variances') }}
    group by period_month, issuer, billing_account_id, currency, model, meter, service_tier
),

functional as (
    select * from {{ ref('int_reconciliation_components') }}
),

compared as (
    select
        legs.period_month,
        legs.issuer,
        legs.billing_account_id,
        legs.currency,
        legs.model,
        legs.meter,
        legs.service_tier,
        coalesce(legs.invoiced_amount, 0) - coalesce(legs.estimated_amount, 0) as variance_amount,
        components.components,
        components.amount,
        components.functional_amount,
        functional.variance_functional_amount
    from legs
    left join components
        on
            legs.period_month = components.period_month
            and legs.issuer = components.issuer
            and legs.billing_account_id = components.billing_account_id
            and legs.currency = components.currency
            and legs.model = components.model
            and legs.meter = components.meter
            and legs.service_tier = components.service_tier
    left join functional
        on
            legs.period_month = functional.period_month
            and legs.issuer = functional.issuer
            and legs.billing_account_id = functional.billing_account_id
            and legs.currency = functional.currency
            and legs.model = functional.model
            and legs.meter = functional.meter
            and legs.service_tier = functional.service_tier
)

select *
from compared
where
    components is null
    or components <> 11
    or amount <> variance_amount
    or functional_amount <> variance_functional_amount
