{# What each cost center used directly in a month. One posted total per kind, layer, account and sign: lines of one total
   are rounded together. #}
{% set totals = ['period_month', 'environment', 'source', 'layer', 'provider', 'billing_account_id'] %}
with direct_costs as (
    select * from {{ ref('int_direct_costs_monthly') }}
),

currencies as (
    select * from {{ ref('currencies') }} where currency = '{{ checked_var('reporting_currency') }}'
),

summed as (
    select
        {{ totals | join(',\n        ') }},
        cost_center,
        cost_center_confidence,
        application,
        sum(requests) as requests,
        sum(review_minutes) as review_minutes,
        {{ pico('sum(cost_usd)') }} as ledger_units
    from direct_costs
    group by {{ totals | join(', ') }}, cost_center, cost_center_confidence, application
),

keyed as (
    select
        *,
        concat_ws('/', source, layer, environment, coalesce(provider, '-'), coalesce(billing_account_id, '-'), case when ledger_units < 0 then 'credit' else 'charge' end) as source_id
    from summed
    where ledger_units <> 0
),

totalled as (
    select
        keyed.*,
        currencies.currency,
        currencies.minor_unit_exponent,
        sum(keyed.ledger_units) over (partition by keyed.period_month, keyed.source_id) as total_units
    from keyed
    cross join currencies
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
        billing_account_id,
        cast(null as {{ dbt.type_string() }}) as invoice_id,
        cost_center,
        application,
        cast(null as {{ dbt.type_string() }}) as target_type,
        cast(null as {{ dbt.type_string() }}) as target_id,
        cast(null as {{ dbt.type_string() }}) as rule_id,
        'direct' as method,
        cost_center_confidence as confidence,
        case when source = 'usage' then cast(requests as decimal(26, 12)) when source = 'review' then cast(review_minutes as decimal(26, 12)) end as quantity,
        case when source = 'usage' then 'requests' when source = 'review' then 'review_minutes' end as quantity_unit,
        currency,
        minor_unit_exponent,
        ledger_units,
        {{ cumulative_slice('total_units', '1', '1', minor_step('minor_unit_exponent')) }} as posted_total_units
    from totalled
)

select * from lines
