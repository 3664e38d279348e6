{{ config(materialized='table') }}
{# Everything that has no direct owner. The number is a narrow key; it follows from the natural one. #}
with shared_cost_months as (
    select
        'shared_cost' as source_type,
        shared_cost_id as source_id,
        period_start as source_date,
        *
    from {{ ref('int_shared_cost_months') }}
),

numbered as (
    select
        row_number() over (order by source_type, source_id, source_date, period_month) as source_number,
        source_type,
        source_id,
        source_date,
        period_month,
        environment,
        pool,
        layer,
        currency,
        minor_unit_exponent,
        vendor,
        invoice_id,
        billing_account_id,
        capacity_quantity,
        capacity_unit,
        amount_pico,
        amount_usd_pico,
        posted_units
    from shared_cost_months
)

select * from numbered
