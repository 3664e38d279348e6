{{ config(materialized='table') }}
{% set key = [
    'tenant_id', 'period_start', 'period_end', 'product', 'currency',
] %}
{% set content = [
    'tenant_id', 'period_start', 'period_end', 'revenue_amount', 'currency', 'product',
] %}
with staged as (
    select * from {{ ref('stg_canonical__tenant_revenue') }}
),

judged as (
    select
        *,
        reject_reason as final_reason
    from staged
),

{{ resolve_copies(key, content, known='content_hash') }}

select * from resolved
