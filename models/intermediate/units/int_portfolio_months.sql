{# Production months of the primary unit types, each beside its own figures of a month and a year before. #}
with periods as (
    select * from {{ ref('rpt_unit_economics') }}
    where period_grain = 'month' and environment = 'production' and is_primary_unit
),

summed as (
    select
        period_start as period_month,
        unit_type,
        cast(sum(attempted_units) as bigint) as attempted_units,
        cast(sum(successful_units) as bigint) as volume,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd,
        {{ ledger('sum(final_cost_usd)') }} as final_cost_usd,
        cast(sum(final_units) as bigint) as final_units
    from periods
    group by period_start, unit_type
),

targets as (
    select * from {{ ref('int_unit_targets') }}
),

type_rules as (
    select * from {{ ref('int_unit_type_rules') }} where workflow is null
),

placed as (
    select
        summed.*,
        type_rules.default_workflow
    from summed
    left join type_rules on summed.unit_type = type_rules.unit_type
),

targeted as (
    select
        placed.*,
        {% for amount in ['target_cost_usd', 'human_cost_per_unit_usd', 'price_per_unit_usd', 'other_direct_cost_per_unit_usd', 'error_cost_per_unit_usd'] -%}
        coalesce(own_targets.{{ amount }}, type_targets.{{ amount }}) as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from placed
    {{ unit_target_joins('placed', 'default_workflow', 'placed.period_month') }}
),

priced as (
    select
        *,
        {{ ledger('volume * price_per_unit_usd') }} as revenue_usd,
        {{ ledger('volume * coalesce(other_direct_cost_per_unit_usd, 0)') }} as other_direct_cost_usd,
        case when human_cost_per_unit_usd is null then 0 else volume end as volume_with_baseline,
        {{ ledger('volume * human_cost_per_unit_usd - total_cost_usd') }} as savings_usd,
        {{ ledger('volume * (human_cost_per_unit_usd - error_cost_per_unit_usd) - total_cost_usd') }} as quality_adjusted_savings_usd
    from targeted
),

measured as (
    select
        priced.*,
        {{ money_ratio('priced.final_cost_usd', 'priced.volume') }} as cost_per_unit_usd,
        {{ money_ratio('priced.final_units', 'priced.attempted_units') }} as cohort_maturity,
        {{ is_mature('priced.final_units', 'priced.attempted_units', 'maturity.value') }} as is_mature,
        {{ ledger('revenue_usd - other_direct_cost_usd - total_cost_usd') }} as margin_usd,
        {{ money_ratio('(revenue_usd - other_direct_cost_usd - total_cost_usd)', 'revenue_usd') }} as margin_rate
    from priced
    {{ threshold_join('maturity_share', 'maturity', 'priced.period_month') }}
),

compared as (
    select
        measured.*,
        {# What is still open would read as a change, so only settled months are compared. #}
        case when measured.is_mature and month_before.is_mature then month_before.margin_rate end as previous_margin_rate,
        case
            when measured.is_mature and month_before.is_mature and measured.volume > month_before.volume
                then {{ money_ratio('(measured.total_cost_usd - month_before.total_cost_usd)', '(measured.volume - month_before.volume)') }}
        end as cost_per_avoided_action_usd,
        case when measured.is_mature and year_before.is_mature then year_before.cost_per_unit_usd end as year_before_cost_per_unit_usd
    from measured
    left join measured as month_before
        on
            measured.unit_type = month_before.unit_type
            and measured.period_month - interval 1 month = month_before.period_month
    left join measured as year_before
        on
            measured.unit_type = year_before.unit_type
            and measured.period_month - interval 1 year = year_before.period_month
)

select * from compared
