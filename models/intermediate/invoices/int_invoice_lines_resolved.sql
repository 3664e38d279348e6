{{ config(materialized='table') }}
{% set key = [
    'issuer', 'invoice_id', 'invoice_line_id',
] %}
{% set content = [
    'invoice_id', 'invoice_line_id', 'issuer', 'provider', 'billing_account_id', 'billing_period_start',
    'billing_period_end', 'issued_on', 'status', 'line_type', 'model', 'meter', 'service_tier', 'description',
    'quantity', 'quantity_unit', 'unit_price', 'amount', 'currency', 'charge_period_start',
    'charge_period_end', 'reference_invoice_id',
] %}
with staged as (
    select * from {{ ref('int_invoice_lines_unioned') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        staged.*,
        coalesce(staged.reject_reason, {{ first_reason(time_rules(billed_at('staged'), 'staged.ingested_at')) }}) as final_reason
    from staged
    cross join clock
),

{{ resolve_copies(key, content, latest_report()) }}

select * from resolved
