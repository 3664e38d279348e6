{{ config(materialized='table') }}
{# From our ledger to the vendor's invoice (semantics.md 7): the usage variance of a SKU follows the SKU's ledger cost, fees,
   credits and commitments follow the account's whole ledger cost; tax, prepayments with their use, and usage that we never
   saw are lines of their own. Amounts are split exactly before any rounding. #}
with differences as (
    select * from {{ ref('int_statement_differences') }}
),

costs as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        model,
        meter,
        cost_center,
        amount_pico
    from {{ ref('int_statement_usage_costs') }}
    where amount_pico > 0
),

borne as (
    select
        differences.period_month,
        differences.issuer,
        differences.billing_account_id,
        differences.currency,
        differences.component,
        differences.model,
        differences.meter,
        differences.units,
        costs.cost_center,
        sum(costs.amount_pico) as raw_weight
    from differences
    left join costs
        on
            differences.component not in ('tax', 'prepayment', 'drawdown')
            and differences.period_month = costs.period_month
            and differences.issuer = costs.issuer
            and differences.billing_account_id = costs.billing_account_id
            and differences.currency = costs.currency
            and differences.model in (costs.model, '__all__')
            and differences.meter in (costs.meter, '__all__')
    group by
        differences.period_month,
        differences.issuer,
        differences.billing_account_id,
        differences.currency,
        differences.component,
        differences.model,
        differences.meter,
        differences.units,
        costs.cost_center
),

{% set key = 'period_month, issuer, billing_account_id, currency, component, model, meter' %}
compared as (
    select
        *,
        coalesce(max(raw_weight) over (partition by {{ key }}), 1) as largest_weight
    from borne
),

scaled as (
    select
        *,
        {{ whole_weight('coalesce(raw_weight, 1)', 'largest_weight') }} as weight
    from compared
),

weighed as (
    select
        *,
        sum(weight) over (partition by {{ key }}) as weight_sum
    from scaled
),

{{ split_exactly('weighed', key, 'cost_center') }},

summed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        case when cost_center is null and component not in ('tax', 'prepayment', 'drawdown') then concat('unmetered_', component) else component end as component,
        coalesce(cost_center, '__unallocated__') as cost_center,
        sum(split_units) as amount_pico
    from split
    group by
        period_month,
        issuer,
        billing_account_id,
        currency,
        case when cost_center is null and component not in ('tax', 'prepayment', 'drawdown') then concat('unmetered_', component) else component end,
        coalesce(cost_center, '__unallocated__')
)

select * from summed
