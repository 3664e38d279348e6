{{ config(materialized='table') }}
{% set key = [
    'shared_cost_id', 'period_start',
] %}
{% set content = [
    'shared_cost_id', 'pool', 'layer', 'period_start', 'period_end', 'amount', 'currency', 'vendor',
    'invoice_id', 'billing_account_id', 'environment', 'capacity_quantity', 'capacity_unit',
] %}
with staged as (
    select * from {{ ref('stg_canonical__shared_costs') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        staged.*,
        coalesce(staged.reject_reason, {{ first_reason(time_rules(known_at('staged.ingested_at', 'staged.period_start'))) }}) as final_reason
    from staged
    cross join clock
),

{{ resolve_copies(key, content) }}

select * from resolved
