{{ config(materialized='table') }}
{# Estimate, export and invoice side by side: a full outer join by addition, so that no record is lost or doubled. #}
with entries as (
    select * from {{ ref('int_reconciliation_entries') }}
),

grains as (
    select * from {{ ref('int_reconciliation_grains') }}
),

keyed as (
    select
        entries.leg,
        entries.period_month,
        entries.issuer,
        entries.billing_account_id,
        entries.provider,
        entries.currency,
        case when entries.line_type <> 'usage' then entries.model when grains.is_model_collapsed then '__all__' else coalesce(entries.model, '__unmapped__') end as model,
        case when entries.line_type <> 'usage' then entries.meter when grains.is_meter_collapsed then '__all__' else coalesce(entries.meter, '__unmapped__') end as meter,
        case when entries.line_type = 'usage' and grains.is_tier_collapsed then '__all__' else entries.service_tier end as service_tier,
        entries.line_type,
        entries.quantity,
        entries.priced_quantity,
        entries.amount,
        entries.priced_amount,
        entries.rounding_amount,
        entries.functional_amount,
        entries.payable_state,
        entries.is_suspected_duplicate
    from entries
    inner join grains
        on
            entries.period_month = grains.period_month
            and entries.issuer = grains.issuer
            and entries.billing_account_id = grains.billing_account_id
            and entries.currency = grains.currency
),

summed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        model,
        meter,
        service_tier,
        max(provider) as provider,
        sum(case when leg = 'estimate' then quantity end) as estimated_quantity,
        sum(priced_quantity) as priced_quantity,
        sum(case when leg = 'estimate' then amount end) as estimated_amount,
        sum(case when leg = 'export' then quantity end) as exported_quantity,
        sum(case when leg = 'export' then amount end) as exported_amount,
        sum(case when leg = 'export' then 1 else 0 end) as export_records,
        sum(case when payable_state = 'payable' then quantity end) as invoiced_quantity,
        sum(case when payable_state = 'payable' then amount end) as invoiced_amount,
        sum(case when payable_state = 'payable' then functional_amount end) as invoiced_functional_amount,
        coalesce(sum(case when payable_state = 'payable' and line_type = 'usage' then amount end), 0) as usage_amount,
        coalesce(sum(case when payable_state = 'payable' and line_type = 'usage' then priced_amount end), 0) as priced_amount,
        coalesce(sum(case when payable_state = 'payable' and line_type = 'usage' then rounding_amount end), 0) as line_rounding_amount,
        coalesce(sum(case when leg = 'late_in' then quantity end), 0) as late_in_quantity,
        coalesce(sum(case when leg = 'late_out' then quantity end), 0) as late_out_quantity,
        coalesce(sum(case when leg = 'month_end' then quantity end), 0) as month_end_quantity,
        {% for component, condition in bridge_line_types().items() -%}
        coalesce(sum(case when payable_state = 'payable' and {{ condition }} then amount end), 0) as {{ component }}_billed,
        {% endfor -%}
        max(case when payable_state = 'voided' then 1 else 0 end) as has_voided_lines,
        max(case when payable_state = 'duplicate' or is_suspected_duplicate then 1 else 0 end) as has_duplicate_lines
    from keyed
    group by period_month, issuer, billing_account_id, currency, model, meter, service_tier
)

select * from summed
