{# The true-ups as statement lines: one posted total per account, component and sign, and one line more that brings the
   posted total of the account to its invoice, to the minor unit. #}
with parts as (
    select * from {{ ref('int_statement_true_up_parts') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

closings as (
    select * from {{ ref('int_statement_invoice_closings') }} where closing_units <> 0
),

totalled as (
    select
        parts.*,
        currencies.minor_unit_exponent,
        concat_ws('/', parts.issuer, parts.billing_account_id, parts.currency, parts.component, case when parts.amount_pico < 0 then 'credit' else 'charge' end) as source_id,
        sum(parts.amount_pico) over (
            partition by parts.period_month, parts.issuer, parts.billing_account_id, parts.currency, parts.component, parts.amount_pico < 0
        ) as total_pico
    from parts
    left join currencies on parts.currency = currencies.currency
),

listed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        minor_unit_exponent,
        component,
        source_id,
        cost_center,
        amount_pico,
        {{ cumulative_slice('total_pico', '1', '1', minor_step('minor_unit_exponent')) }} as posted_total_units
    from totalled
    union all
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        minor_unit_exponent,
        'closing' as component,
        concat_ws('/', issuer, billing_account_id, currency, 'closing') as source_id,
        '__unallocated__' as cost_center,
        closing_units * {{ minor_step('minor_unit_exponent') }} as amount_pico,
        closing_units as posted_total_units
    from closings
),

lines as (
    select
        period_month,
        'production' as environment,
        'true_up' as source_type,
        source_id,
        period_month as source_date,
        component as pool,
        'model_api' as layer,
        issuer as vendor,
        issuer,
        billing_account_id,
        cast(null as {{ dbt.type_string() }}) as invoice_id,
        cost_center,
        cast(null as {{ dbt.type_string() }}) as application,
        'cost_center' as target_type,
        cost_center as target_id,
        cast(null as {{ dbt.type_string() }}) as rule_id,
        'true_up' as method,
        case when cost_center = '__unallocated__' then 'none' else 'medium' end as confidence,
        cast(null as decimal(26, 12)) as quantity,
        cast(null as {{ dbt.type_string() }}) as quantity_unit,
        currency,
        minor_unit_exponent,
        amount_pico,
        {{ int128('0') }} as ledger_units,
        posted_total_units
    from listed
)

select * from lines
