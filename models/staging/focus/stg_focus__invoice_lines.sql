{# The invoice view: the billed cost of charges that name their invoice. The standard has no day of issue: it is taken to be
   the day after the billing period. #}
with charges as (
    select * from {{ ref('stg_focus__charges') }} where invoice_id is not null
),

{{ billed_parties() }},

issuers as (
    select * from names
),

lines as (
    select
        charges.source_system,
        charges.invoice_id,
        charges.charge_key as invoice_line_id,
        coalesce(accounts.issuer, issuers.provider, charges.invoice_issuer_name, {{ billed_party('provider') }}) as issuer,
        {{ billed_party('provider') }} as provider,
        charges.billing_account_id,
        cast(charges.billing_period_start as date) as billing_period_start,
        cast(charges.billing_period_end as date) as billing_period_end,
        cast(charges.billing_period_end as date) as issued_on,
        'issued' as status,
        charges.line_type,
        charges.model,
        charges.meter,
        charges.service_tier,
        charges.charge_description as description,
        cast(coalesce(charges.consumed_quantity, charges.pricing_quantity) as decimal(20, 6)) as quantity,
        case when charges.consumed_quantity is null then charges.pricing_unit else charges.consumed_unit end as quantity_unit,
        charges.contracted_unit_price as unit_price,
        charges.billed_cost as amount,
        charges.currency,
        cast(charges.charge_period_start as date) as charge_period_start,
        cast(charges.charge_period_end + interval 1 day - interval 1 microsecond as date) as charge_period_end,
        cast(null as {{ dbt.type_string() }}) as reference_invoice_id,
        cast(null as timestamp) as ingested_at,
        charges.file_path,
        charges.landed_row,
        charges.reject_reason,
        charges.reject_reasons
    from charges
    left join accounts on charges.billing_account_id = accounts.billing_account_id
    left join names on lower(charges.provider_name) = names.reported_provider
    left join issuers on lower(charges.invoice_issuer_name) = issuers.reported_provider
)

select * from lines
