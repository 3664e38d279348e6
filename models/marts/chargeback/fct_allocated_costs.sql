select cohort_month as period_month, environment, 'x' as target_id, cast(0 as decimal(38,12)) as allocated_amount_usd from {{ ref('int_units') }} limit 0
