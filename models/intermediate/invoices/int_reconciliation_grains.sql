{# What the vendor's paper for an account and month distinguishes. Only a whole invoice without models (or meters) coarsens
   the grain; single lines without them are unmapped. A tier that the account's invoices never name is not compared. #}
with entries as (
    select * from {{ ref('int_reconciliation_entries') }}
),

counted as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        sum(case when line_type = 'usage' and payable_state = 'payable' then 1 else 0 end) as usage_lines,
        sum(case when line_type = 'usage' and payable_state = 'payable' and model is not null then 1 else 0 end) as model_lines,
        sum(case when line_type = 'usage' and payable_state = 'payable' and meter is not null then 1 else 0 end) as meter_lines,
        sum(case when leg = 'invoice' and line_type = 'usage' and service_tier <> 'standard' then 1 else 0 end) as tier_lines,
        sum(case when leg in ('estimate', 'export') and service_tier <> 'standard' then 1 else 0 end) as tiered_records,
        sum(case when payable_state = 'payable' then 1 else 0 end) as invoice_lines,
        sum(case when leg = 'export' then 1 else 0 end) as export_records,
        sum(case when leg = 'estimate' then 1 else 0 end) as estimate_records
    from entries
    group by period_month, issuer, billing_account_id, currency
),

judged as (
    select
        *,
        usage_lines > 0 and model_lines = 0 as is_model_collapsed,
        usage_lines > 0 and meter_lines = 0 as is_meter_collapsed,
        sum(usage_lines) over (partition by issuer, billing_account_id, currency) > 0
        and sum(tier_lines) over (partition by issuer, billing_account_id, currency) = 0
        and sum(tiered_records) over (partition by issuer, billing_account_id, currency) > 0 as is_tier_collapsed,
        sum(export_records) over (partition by issuer, billing_account_id) > 0 as has_export,
        sum(invoice_lines) over (partition by issuer, billing_account_id, period_month) = 0 as is_uninvoiced,
        sum(case when usage_lines > 0 and estimate_records = 0 then 1 else 0 end) over (partition by issuer, billing_account_id, period_month) as foreign_invoices,
        sum(case when usage_lines = 0 and estimate_records > 0 then 1 else 0 end) over (partition by issuer, billing_account_id, period_month) as foreign_estimates
    from counted
),

flagged as (
    select
        *,
        {# Metered in one currency only and billed in another only. #}
        (usage_lines > 0 and estimate_records = 0 and foreign_estimates > 0)
        or (usage_lines = 0 and estimate_records > 0 and foreign_invoices > 0) as is_currency_mismatched
    from judged
)

select * from flagged
