select cohort_month as period_month, environment, unit_type, 'platform' as layer, cast(0 as decimal(38,12)) as allocated_cost_usd from {{ ref('int_units') }} group by 1,2,3
