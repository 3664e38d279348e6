{{ config(materialized='table') }}
{% set key = [
    'provider', 'billing_account_id', 'line_id',
] %}
{% set content = [
    'line_id', 'provider', 'billing_account_id', 'period_start', 'period_end', 'model', 'meter',
    'service_tier', 'quantity', 'quantity_unit', 'amount', 'currency', 'project_id', 'api_key_id',
] %}
with staged as (
    select * from {{ ref('int_provider_usage_unioned') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        staged.*,
        coalesce(staged.reject_reason, {{ first_reason(time_rules('staged.period_start', 'staged.ingested_at')) }}) as final_reason
    from staged
    cross join clock
),

{{ resolve_copies(key, content, latest_report(), 'line_id') }}

select * from resolved
