{{ config(materialized='table') }}
{# Statement lines in whole minor units: the lines of one source sum to its posted total. #}
with listed as (
    select * from {{ ref('int_statement_direct_lines') }}
    union all
    select * from {{ ref('int_statement_pool_lines') }}
    union all
    select * from {{ ref('int_statement_true_ups') }}
),

weighed as (
    select
        *,
        posted_total_units as units,
        abs(amount_pico) as weight,
        sum(abs(amount_pico)) over (partition by period_month, source_type, source_id, source_date) as weight_sum
    from listed
),

{{ split_exactly('weighed', 'period_month, source_type, source_id, source_date', 'cost_center, target_type, target_id, application, confidence') }},

lines as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        pool,
        layer,
        vendor,
        issuer,
        billing_account_id,
        invoice_id,
        cost_center,
        application,
        target_type,
        target_id,
        rule_id,
        method,
        confidence,
        quantity,
        quantity_unit,
        currency,
        minor_unit_exponent,
        ledger_units,
        split_units as posted_units
    from split
)

select * from lines
