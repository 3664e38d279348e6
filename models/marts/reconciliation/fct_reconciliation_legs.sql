with components as (
    select * from {{ ref('int_reconciliation_components') }}
),

tolerances as (
    select * from {{ ref('int_reconciliation_tolerances') }}
),

names as (
    select distinct
        provider,
        model
    from {{ ref('int_billing_model_names') }}
),

bounded as (
    select
        components.*,
        names.model is not null or components.model = '__all__' as is_known_model,
        components.meter in ('{{ recon_meters() | join("', '") }}') as is_known_meter,
        components.usage_amount <> 0 or components.invoiced_quantity is not null as is_billed_usage,
        components.estimated_amount is null and components.exported_quantity is null
        and (components.export_records = 0 or {{ is_no_usage('components.meter') }})
        and components.usage_amount = 0 and components.invoiced_quantity is null and components.invoiced_amount is not null as is_charge,
        {{ tolerance_limit('coalesce(components.invoiced_amount, 0)') }} as tolerance
    from components
    left join tolerances
        on components.period_month = tolerances.period_month and components.issuer = tolerances.issuer
    left join names on components.provider = names.provider and components.model = names.model
),

matched as (
    select
        *,
        case
            when has_voided_lines = 1 and invoiced_amount is null then 'voided'
            when has_duplicate_lines = 1 then 'duplicate_invoice'
            when is_currency_mismatched then 'currency_mismatch'
            when is_charge then 'missing_in_estimate'
            when estimated_amount is null and not (is_known_model and is_known_meter) then 'unmapped_sku'
            when invoiced_amount is null then 'missing_in_invoice'
            when has_export and export_records = 0 and meter not in ('reported', 'request', 'other') then 'missing_in_export'
            when estimated_amount is null then 'missing_in_estimate'
            when abs(price_amount) > tolerance then 'price_exception'
            when abs(timing_amount + unmetered_amount + overmetered_amount) > tolerance then 'quantity_exception'
            when {{ posted('invoiced_amount', 'currency') }} = {{ posted('estimated_amount', 'currency') }} then 'matched_exact'
            when abs(variance_amount) <= tolerance then 'within_tolerance'
            else 'investigate'
        end as match_status
    from bounded
),

typed as (
    select
        period_month,
        issuer,
        billing_account_id,
        provider,
        model,
        meter,
        service_tier,
        currency,
        cast(estimated_quantity as decimal(38, 6)) as estimated_quantity,
        cast(estimated_amount as decimal(38, 12)) as estimated_amount,
        cast(exported_quantity as decimal(38, 6)) as exported_quantity,
        cast(exported_amount as decimal(38, 12)) as exported_amount,
        cast(invoiced_quantity as decimal(38, 6)) as invoiced_quantity,
        cast(invoiced_amount as decimal(38, 12)) as invoiced_amount,
        cast(variance_amount as decimal(38, 12)) as variance_amount,
        tolerance,
        match_status
    from matched
)

select * from typed
