{# Targets and baselines in the reporting currency, at the spot rate of the day from which they hold, or of the first day
   with one where they hold from ever. #}
with unit_targets as (
    select
        *,
        coalesce(valid_from, cast('0001-01-01' as date)) as starts_on,
        coalesce(valid_to, cast('9999-12-31' as date)) as ends_on,
        (ai_error_rate - human_error_rate) * rework_cost_per_error as error_cost_per_unit
    from {{ ref('unit_targets') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

first_rates as (
    select
        currency,
        min(rate_date) as rate_date
    from fx_rates
    group by currency
),

converted as (
    select
        unit_targets.unit_type,
        unit_targets.workflow,
        unit_targets.starts_on,
        unit_targets.ends_on,
        {% for amount in ['target_cost', 'human_cost_per_unit', 'price_per_unit', 'other_direct_cost_per_unit', 'error_cost_per_unit'] -%}
        {{ ledger(in_reporting_currency('unit_targets.' ~ amount, 'unit_targets.currency', 'fx_rates.rate', 'unit_targets.starts_on')) }} as {{ amount }}_usd{{ ',' if not loop.last }}
        {% endfor %}
    from unit_targets
    left join first_rates on unit_targets.currency = first_rates.currency
    left join fx_rates
        on
            unit_targets.currency = fx_rates.currency
            and greatest(unit_targets.starts_on, first_rates.rate_date) = fx_rates.rate_date
)

select * from converted
