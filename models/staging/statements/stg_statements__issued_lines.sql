{{ config(materialized='table') }}
{# Statements as they were issued, from `issued_statements` beside the feeds. The project wrote these files itself: what
   does not read as written stops the build. #}
{% set texts = [
    'statement_id', 'line_id', 'adjusts_line_id', 'cost_center', 'cost_center_name', 'environment', 'layer', 'pool',
    'application', 'description', 'quantity_unit', 'currency', 'rule_id', 'method', 'confidence', 'target_type',
    'target_id', 'source_type', 'source_id', 'vendor', 'issuer', 'billing_account_id', 'invoice_id', 'prepared_by',
    'approved_by', 'digest',
] %}
{% set numbers = ['quantity', 'rate', 'amount', 'ledger_amount_usd'] %}
{% set others = ['period', 'event_period', 'version', 'issued_at'] %}
with landed as (
    {{ csv_rows('issued_statements', texts + numbers + others, texts + numbers + others) }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

typed as (
    select
        {{ month_of_period('period') }} as period_month,
        {{ month_of_period('event_period') }} as event_month,
        cast(version as integer) as version,
        cast(issued_at as timestamp) as issued_at,
        {% for column in texts -%}
        nullif({{ column }}, '') as {{ column }},
        {% endfor -%}
        {% for column in numbers -%}
        cast(nullif({{ column }}, '') as decimal(38, 12)) as {{ column }},
        {% endfor -%}
        has_wrong_column_count,
        file_path
    from landed
),

known as (
    select typed.*
    from typed
    inner join clock on typed.issued_at <= clock.as_of
)

select * from known
