{{ config(materialized='table') }}
{# Statement lines in whole minor units: the lines of one source sum to its posted total. All bearers of a pool have one
   rate, what was posted over all quantities; direct lines have their own, from the exact amount. #}
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
        sum(abs(amount_pico)) over (partition by period_month, environment, source_type, source_id, source_date) as weight_sum
    from listed
),

{{ split_exactly('weighed', 'period_month, environment, source_type, source_id, source_date', 'cost_center, target_type, target_id, application, confidence') }},

compared as (
    select
        *,
        {{ minor_step('minor_unit_exponent') }} as unit_pico,
        {{ pico('quantity') }} as quantity_pico,
        sum(case when quantity is not null then split_units else 0 end) over (
            partition by period_month, environment, source_type, source_id, source_date, method
        ) as source_units,
        {{ pico('sum(quantity) over (partition by period_month, environment, source_type, source_id, source_date, method)') }} as source_quantity_pico
    from split
),

rated as (
    select
        *,
        case
            when quantity_pico = 0 or quantity_pico is null then null
            when method = 'direct' and pool is null then {{ ratio_of_pico('amount_pico', 'quantity_pico') }}
            else {{ ratio_of_pico('source_units * unit_pico', 'source_quantity_pico') }}
        end as rate
    from compared
),

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
        rate,
        currency,
        minor_unit_exponent,
        ledger_units,
        split_units as posted_units
    from rated
)

select * from lines
