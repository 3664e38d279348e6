{{ config(materialized='table') }}
{# Statement lines as they read: what is charged, how much of it, at which rate. What comes to nothing in posted and in
   exact money is left out. #}
{% set drivers = {
    'cost': 'by direct cost', 'tokens': 'by tokens', 'requests': 'by requests', 'units': 'by units',
    'successful_units': 'by successful units', 'review_minutes': 'by review minutes', 'seats': 'by seats',
} %}
{% set methods = {
    'direct': 'wholly', 'even': 'in even parts', 'fixed': 'by fixed shares', 'direct_service': 'by direct service',
    'step_down': 'by step-down', 'reciprocal': 'by reciprocal shares',
} %}
{% set components = {
    'usage': 'Invoiced use less metered use', 'fee': 'Fees', 'credit': 'Credits', 'commitment': 'Commitment charges',
    'rounding': 'Rounding on the invoice', 'tax': 'Tax', 'prepayment': 'Prepayment bought', 'drawdown': 'Prepayment used',
    'closing': 'Rounding to the invoice total', 'unmetered_usage': 'Invoiced use that was never metered',
} %}
with lines as (
    select * from {{ ref('int_statement_lines') }} where posted_units <> 0 or ledger_units <> 0
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

worded as (
    select
        *,
        coalesce(application, 'no application') as user_name,
        concat(issuer, ', account ', billing_account_id) as account_name,
        case when posted_units < 0 then 'Credit on pool ' else 'Share of pool ' end as share_name,
        coalesce(
            case quantity_unit {% for driver, words in drivers.items() %}when '{{ driver }}' then '{{ words }}' {% endfor %}end,
            case method {% for method, words in methods.items() %}when '{{ method }}' then '{{ words }}' {% endfor %}else method end
        ) as basis
    from lines
),

described as (
    select
        *,
        case
            when source_type = 'usage' then concat('AI calls of ', user_name, ' to ', vendor, ', ', layer)
            when source_type = 'metered' then concat('Metered services of ', user_name, ', ', layer)
            when source_type = 'review' then concat('Human review for ', user_name)
            when source_type = 'true_up' then concat(
                case pool {% for component, words in components.items() %}when '{{ component }}' then '{{ words }}' {% endfor %}else 'Other charges' end,
                ', ', account_name
            )
            when target_type = '__idle__' then concat('Idle capacity of pool ', pool)
            when target_type = '__unallocated__' and source_type = 'api_key' then concat('Untraced use of shared key ', source_id)
            when target_type = '__unallocated__' then concat('Unallocated part of pool ', pool)
            when source_type = 'api_key' and ledger_units < 0 then concat('Billed less than traced, shared key ', source_id, ', by traced cost')
            when source_type = 'api_key' then concat('Untraced use of shared key ', source_id, ', by traced cost')
            else concat(share_name, pool, ', ', basis, ' (rule ', rule_id, ')')
        end as description,
        {# A shared key is split by environment; the other sources have one each. #}
        case when source_type = 'api_key' and environment <> 'production' then concat(source_id, '/', environment) else source_id end as source_name
    from worded
),

identified as (
    select
        described.period_month,
        {{ text_key(['described.period_month', 'described.cost_center', 'described.currency', 'described.source_type', 'described.source_name', 'described.source_date', 'described.target_type', 'described.target_id', 'described.application', 'described.confidence']) }} as line_id,
        described.cost_center,
        cost_centers.name as cost_center_name,
        described.environment,
        described.layer,
        case when described.source_type <> 'true_up' then described.pool end as pool,
        described.application,
        described.description,
        cast(described.quantity as decimal(38, 12)) as quantity,
        described.quantity_unit,
        described.rate,
        {{ in_units('described.posted_units', 'described.minor_unit_exponent') }} as amount,
        described.currency,
        described.rule_id,
        described.method,
        described.confidence,
        described.target_type,
        described.target_id,
        described.source_type,
        described.source_id,
        described.vendor,
        described.issuer,
        described.billing_account_id,
        described.invoice_id,
        {{ pico_to_ledger('described.ledger_units') }} as ledger_amount_usd
    from described
    left join cost_centers on described.cost_center = cost_centers.cost_center
)

select * from identified
