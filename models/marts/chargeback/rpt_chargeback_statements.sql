{% set columns = [
    'line_id', 'cost_center', 'cost_center_name', 'environment', 'layer', 'pool', 'application', 'description', 'quantity',
    'quantity_unit', 'rate', 'amount', 'currency', 'rule_id', 'method', 'confidence', 'target_type', 'target_id',
    'source_type', 'source_id', 'vendor', 'issuer', 'billing_account_id', 'invoice_id', 'ledger_amount_usd',
] %}
with issues as (
    select * from {{ ref('int_statement_issues') }} where is_in_force
),

versions as (
    select
        period_month,
        max(version) as version
    from {{ ref('int_statement_issues') }}
    group by period_month
),

issued as (
    select lines.*
    from {{ ref('stg_statements__issued_lines') }} as lines
    inner join issues on lines.period_month = issues.period_month and lines.version = issues.version
),

drafted as (
    select
        changes.*,
        cast(coalesce(versions.version, 0) + 1 as integer) as version
    from {{ ref('int_statement_changes') }} as changes
    left join versions on changes.period_month = versions.period_month
),

lines as (
    select period_month, event_month, version, true as is_issued, adjusts_line_id, {{ columns | join(', ') }} from issued
    union all
    select period_month, event_month, version, false as is_issued, adjusts_line_id, {{ columns | join(', ') }} from drafted
),

currencies as (
    select * from {{ ref('currencies') }}
),

listed as (
    select
        lines.period_month,
        {{ period_of('lines.period_month') }} as period,
        concat({{ period_of('lines.period_month') }}, '/', lines.cost_center, '/', lines.currency) as statement_id,
        lines.version,
        lines.is_issued,
        lines.line_id,
        lines.event_month,
        {{ period_of('lines.event_month') }} as event_period,
        lines.adjusts_line_id,
        {% for column in columns if column not in ('line_id', 'amount', 'source_type', 'source_id', 'ledger_amount_usd') -%}
        lines.{{ column }},
        {% endfor -%}
        lines.amount,
        cast({{ int_div(pico('lines.amount'), minor_step('currencies.minor_unit_exponent')) }} as bigint) as amount_minor_units,
        lines.source_type,
        lines.source_id,
        concat(lines.source_type, ':', lines.source_id) as source,
        lines.ledger_amount_usd
    from lines
    left join currencies on lines.currency = currencies.currency
)

select * from listed
