{{ config(materialized='table') }}
{% set columns = [
    'source_type', 'source_id', 'source_date', 'period_month', 'driver_month', 'environment', 'pool', 'layer', 'currency',
    'minor_unit_exponent', 'vendor', 'invoice_id', 'billing_account_id', 'capacity_quantity', 'capacity_unit',
    'amount_pico', 'amount_usd_pico', 'posted_units',
] %}
{# Everything that has no direct owner: shared costs, and what a shared key was billed beyond its traced calls. A
   credit on the invoice of an earlier charge is split by that charge's month. The number is a narrow key. #}
with slices as (
    select
        'shared_cost' as source_type,
        booking_id as source_id,
        period_start as source_date,
        *
    from {{ ref('int_shared_cost_months') }}
),

charges as (
    select
        pool,
        environment,
        invoice_id,
        max(period_month) as period_month
    from slices
    where amount_pico > 0 and invoice_id is not null
    group by pool, environment, invoice_id
),

shared_cost_months as (
    select
        slices.*,
        case when slices.amount_pico < 0 then least(charges.period_month, slices.period_month) else slices.period_month end as driver_month
    from slices
    left join charges
        on
            slices.pool = charges.pool
            and slices.environment = charges.environment
            and slices.invoice_id = charges.invoice_id
),

keys as (
    select
        'api_key' as source_type,
        shared_keys.api_key_id as source_id,
        shared_keys.period_month as source_date,
        shared_keys.period_month,
        shared_keys.period_month as driver_month,
        shared_keys.environment,
        concat('api_key:', shared_keys.api_key_id) as pool,
        'model_api' as layer,
        currencies.currency,
        currencies.minor_unit_exponent,
        shared_keys.provider as vendor,
        cast(null as {{ dbt.type_string() }}) as invoice_id,
        shared_keys.billing_account_id,
        cast(null as decimal(20, 6)) as capacity_quantity,
        cast(null as {{ dbt.type_string() }}) as capacity_unit,
        shared_keys.untraced_pico as amount_pico,
        shared_keys.untraced_units as amount_usd_pico,
        {{ cumulative_slice('shared_keys.untraced_pico', '1', '1', minor_step('currencies.minor_unit_exponent')) }} as posted_units
    from {{ ref('int_shared_key_costs') }} as shared_keys
    left join {{ ref('currencies') }} as currencies on shared_keys.currency = currencies.currency
    where shared_keys.untraced_units <> 0
),

listed as (
    select {{ columns | join(', ') }} from shared_cost_months
    union all
    select {{ columns | join(', ') }} from keys
),

numbered as (
    select
        row_number() over (order by source_type, source_id, source_date, period_month, environment) as source_number,
        *
    from listed
)

select * from numbered
