{{ config(materialized='table') }}
{# What the statements of each month would say now, less what issued statements said of it: of a month that is not issued
   its lines, of an issued one the adjustments. Issued lines themselves never change. #}
{% set words = [
    'cost_center', 'cost_center_name', 'environment', 'layer', 'pool', 'application', 'description', 'currency', 'rule_id',
    'method', 'confidence', 'target_type', 'target_id', 'source_type', 'source_id', 'vendor', 'issuer', 'billing_account_id',
    'invoice_id',
] %}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with computed as (
    select
        period_month as event_month, line_id as line_key, {{ words | join(', ') }},
        quantity, quantity_unit, rate, amount, ledger_amount_usd
    from {{ ref('int_statement_lines_described') }}
    union all
    select
        period_month as event_month, line_id as line_key, cost_center, cost_center_name, environment, layer, pool, application,
        description, currency, rule_id, 'correction' as method, 'direct' as confidence, {{ no_text }} as target_type,
        {{ no_text }} as target_id, 'correction' as source_type, source_id, vendor, issuer, billing_account_id, invoice_id,
        cast(null as decimal(38, 12)) as quantity, {{ no_text }} as quantity_unit, cast(null as decimal(38, 12)) as rate,
        amount, cast(0 as decimal(38, 12)) as ledger_amount_usd
    from {{ ref('int_statement_corrections') }}
),

issues as (
    select * from {{ ref('int_statement_issues') }} where is_in_force
),

said as (
    select
        lines.*,
        coalesce(lines.adjusts_line_id, lines.line_id) as line_key
    from {{ ref('stg_statements__issued_lines') }} as lines
    inner join issues on lines.period_month = issues.period_month and lines.version = issues.version
),

summed as (
    select
        event_month,
        line_key,
        {% for word in words -%}
        {{ 'min(case when adjusts_line_id is null then ' ~ word ~ ' end)' if word == 'description' else 'min(' ~ word ~ ')' }} as {{ word }},
        {% endfor -%}
        sum(amount) as amount,
        sum(ledger_amount_usd) as ledger_amount_usd
    from said
    group by event_month, line_key
),

compared as (
    select
        coalesce(computed.event_month, summed.event_month) as event_month,
        coalesce(computed.line_key, summed.line_key) as line_key,
        {% for word in words -%}
        {{ 'coalesce(computed.' ~ word ~ ', summed.' ~ word ~ ')' if word in ('cost_center', 'description') else 'case when computed.line_key is null then summed.' ~ word ~ ' else computed.' ~ word ~ ' end' }} as {{ word }},
        {% endfor -%}
        computed.quantity,
        computed.quantity_unit,
        computed.rate,
        coalesce(computed.amount, 0) - coalesce(summed.amount, 0) as amount,
        coalesce(computed.ledger_amount_usd, 0) - coalesce(summed.ledger_amount_usd, 0) as ledger_amount_usd,
        summed.line_key is not null as is_said
    from computed
    full outer join summed on computed.line_key = summed.line_key
),

placed as (
    select
        compared.*,
        coalesce(issues.open_month, compared.event_month) as period_month,
        compared.is_said or issues.period_month is not null as is_adjustment
    from compared
    left join issues on compared.event_month = issues.period_month
),

changes as (
    select
        period_month,
        event_month,
        case when is_adjustment then {{ text_key(['line_key', 'period_month']) }} else line_key end as line_id,
        case when is_adjustment then line_key end as adjusts_line_id,
        {% for word in words if word != 'description' -%}
        {{ word }},
        {% endfor -%}
        case when is_adjustment then concat('Adjustment of ', {{ period_of('event_month') }}, ': ', coalesce(description, 'line of that month')) else description end as description,
        case when not is_adjustment then quantity end as quantity,
        case when not is_adjustment then quantity_unit end as quantity_unit,
        case when not is_adjustment then rate end as rate,
        cast(amount as decimal(38, 12)) as amount,
        cast(ledger_amount_usd as decimal(38, 12)) as ledger_amount_usd
    from placed
    where not is_adjustment or amount <> 0
)

select * from changes
