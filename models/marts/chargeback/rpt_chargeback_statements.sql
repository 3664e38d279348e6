with lines as (
    select * from {{ ref('int_statement_lines_described') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

identified as (
    select
        lines.*,
        {{ period_of('lines.period_month') }} as period,
        concat({{ period_of('lines.period_month') }}, '/', lines.cost_center, '/', lines.currency) as statement_id,
        cast({{ int_div(pico('lines.amount'), minor_step('currencies.minor_unit_exponent')) }} as bigint) as amount_minor_units,
        concat(lines.source_type, ':', lines.source_id) as source
    from lines
    left join currencies on lines.currency = currencies.currency
),

listed as (
    select
        period_month,
        period,
        statement_id,
        line_id,
        cost_center,
        cost_center_name,
        environment,
        layer,
        pool,
        application,
        description,
        quantity,
        quantity_unit,
        rate,
        amount,
        amount_minor_units,
        currency,
        rule_id,
        method,
        confidence,
        target_type,
        target_id,
        source_type,
        source_id,
        source,
        vendor,
        issuer,
        billing_account_id,
        invoice_id,
        ledger_amount_usd
    from identified
)

select * from listed
