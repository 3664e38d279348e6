{# The accrual view: what was used, at its effective cost. A purchase that covers use costs nothing here, and the use that it
   covers costs its share; billed costs are never added to it. #}
with charges as (
    select * from {{ ref('stg_focus__charges') }}
),

{{ billed_parties() }},

lines as (
    select
        charges.source_system,
        charges.charge_key as line_id,
        {{ billed_party('provider') }} as provider,
        charges.billing_account_id,
        charges.charge_period_start as period_start,
        charges.charge_period_end as period_end,
        charges.model,
        charges.meter,
        charges.service_tier,
        cast(coalesce(charges.consumed_quantity, charges.pricing_quantity) as decimal(20, 6)) as quantity,
        case when charges.consumed_quantity is null then charges.pricing_unit else charges.consumed_unit end as quantity_unit,
        charges.effective_cost as amount,
        charges.currency,
        charges.sub_account_id as project_id,
        cast(null as {{ dbt.type_string() }}) as api_key_id,
        cast(null as timestamp) as ingested_at,
        charges.file_path,
        charges.landed_row,
        charges.reject_reason,
        charges.reject_reasons
    from charges
    left join accounts on charges.billing_account_id = accounts.billing_account_id
    left join names on lower(charges.provider_name) = names.reported_provider
)

select * from lines
