{# What each cost center used directly in a month. One posted total per kind, layer, account, currency and sign: its lines
   are rounded together. #}
{% set totals = ['period_month', 'environment', 'source', 'layer', 'provider', 'billing_account_id', 'currency'] %}
with listed as (
    select * from {{ ref('int_statement_direct_costs') }}
),

summed as (
    select
        {{ totals | join(',\n        ') }},
        cost_center,
        cost_center_confidence,
        application,
        sum(quantity) as quantity,
        sum(amount_pico) as amount_pico,
        sum(ledger_units) as ledger_units
    from listed
    group by {{ totals | join(', ') }}, cost_center, cost_center_confidence, application
),

currencies as (
    select * from {{ ref('currencies') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

keyed as (
    select
        summed.*,
        coalesce(accounts.issuer, summed.provider) as issuer,
        currencies.minor_unit_exponent,
        concat_ws(
            '/', summed.source, summed.layer, summed.environment, coalesce(summed.provider, '-'),
            coalesce(summed.billing_account_id, '-'), summed.currency, case when summed.amount_pico < 0 then 'credit' else 'charge' end
        ) as source_id
    from summed
    left join currencies on summed.currency = currencies.currency
    left join accounts
        on summed.billing_account_id = accounts.billing_account_id and summed.provider = accounts.provider
    where summed.amount_pico <> 0 or summed.ledger_units <> 0
),

totalled as (
    select
        *,
        sum(amount_pico) over (partition by period_month, source_id) as total_pico
    from keyed
),

lines as (
    select
        period_month,
        environment,
        source as source_type,
        source_id,
        period_month as source_date,
        cast(null as {{ dbt.type_string() }}) as pool,
        layer,
        provider as vendor,
        issuer,
        billing_account_id,
        cast(null as {{ dbt.type_string() }}) as invoice_id,
        cost_center,
        application,
        cast(null as {{ dbt.type_string() }}) as target_type,
        cast(null as {{ dbt.type_string() }}) as target_id,
        cast(null as {{ dbt.type_string() }}) as rule_id,
        'direct' as method,
        cost_center_confidence as confidence,
        cast(quantity as decimal(26, 12)) as quantity,
        case source when 'usage' then 'requests' when 'review' then 'review_minutes' end as quantity_unit,
        currency,
        minor_unit_exponent,
        amount_pico,
        ledger_units,
        {{ cumulative_slice('total_pico', '1', '1', minor_step('minor_unit_exponent')) }} as posted_total_units
    from totalled
)

select * from lines
