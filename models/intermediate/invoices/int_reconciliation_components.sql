{{ config(materialized='table') }}
{# The bridge in the functional currency too: what the vendor did at the rate of the ledger, what the rate did apart. #}
with bridge as (
    select * from {{ ref('int_reconciliation_bridge') }}
),

rates as (
    select
        *,
        coalesce(accrual_rate, 0) as known_rate
    from {{ ref('int_reconciliation_rates') }}
),

translated as (
    select
        bridge.*,
        rates.accrual_rate,
        {% for component in bridge_components() if component != 'fx' -%}
        {{ translated('bridge.' ~ component ~ '_amount', 'rates.known_rate') }} as {{ component }}_functional_amount,
        {% endfor -%}
        coalesce(bridge.invoiced_functional_amount, 0)
        - {{ translated('coalesce(bridge.estimated_amount, 0)', 'rates.known_rate') }} as variance_functional_amount
    from bridge
    inner join rates
        on
            bridge.period_month = rates.period_month
            and bridge.issuer = rates.issuer
            and bridge.billing_account_id = rates.billing_account_id
            and bridge.currency = rates.currency
),

completed as (
    select
        *,
        variance_functional_amount
        {%- for component in bridge_components() if component != 'fx' %}
        - {{ component }}_functional_amount
        {%- endfor %} as fx_functional_amount
    from translated
)

select * from completed
