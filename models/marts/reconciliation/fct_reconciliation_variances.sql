with components as (
    select * from {{ ref('int_reconciliation_components') }}
),

unpivoted as (
    {% for component in bridge_components() -%}
    select
        period_month,
        issuer,
        billing_account_id,
        provider,
        model,
        meter,
        service_tier,
        currency,
        '{{ component }}' as component,
        cast({{ component }}_amount as decimal(38, 12)) as amount,
        cast({{ component }}_functional_amount as decimal(38, 12)) as functional_amount,
        accrual_rate
    from components
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unpivoted
