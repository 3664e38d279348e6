{{ config(materialized='table') }}
{% set key = [
    'charge_id',
] %}
{% set content = [
    'charge_id', 'occurred_at', 'layer', 'service', 'quantity', 'quantity_unit', 'amount', 'currency',
    'environment', 'application', 'workflow', 'step', 'agent_id', 'tenant_id', 'team', 'cost_center',
    'unit_type', 'unit_id', 'unit_shares', 'trace_id', 'session_id',
] %}
with staged as (
    select * from {{ ref('stg_canonical__metered_costs') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        staged.*,
        coalesce(staged.reject_reason, {{ first_reason(time_rules('staged.occurred_at', 'staged.ingested_at')) }}) as final_reason
    from staged
    cross join clock
),

{{ resolve_copies(key, content) }}

select * from resolved
