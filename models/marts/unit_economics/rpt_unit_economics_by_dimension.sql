{% set grain = ['period_grain', 'period_start', 'environment', 'application', 'workflow', 'unit_type', 'dimension', 'dimension_value'] %}
with dimension_values as (
    select
        *,
        coalesce(dimension_value, '__none__') as value_name
    from {{ ref('int_unit_dimension_values') }}
),

dated as (
    select 'month' as period_grain, {{ month_of('cohort_date') }} as period_start, * from dimension_values
    union all
    select 'week' as period_grain, {{ week_of('cohort_date') }} as period_start, * from dimension_values
),

summed as (
    select
        period_grain,
        period_start,
        environment,
        application,
        workflow,
        unit_type,
        dimension,
        value_name as dimension_value,
        {{ ledger('sum(cost_usd)') }} as total_cost_usd,
        cast(sum(case when is_counted and state <> 'cancelled' then 1 else 0 end) as bigint) as attempted_units,
        {% for state, name in {'success': 'successful', 'failed': 'failed', 'pending': 'pending'}.items() -%}
        cast(sum(case when is_counted and state = '{{ state }}' then 1 else 0 end) as bigint) as {{ name }}_units,
        {% endfor -%}
        {{ ledger("coalesce(sum(case when state <> 'pending' then cost_usd end), 0)") }} as final_cost_usd,
        {{ ledger("coalesce(sum(case when state = 'failed' then cost_usd end), 0)") }} as failed_cost_usd,
        {{ ledger("coalesce(sum(case when state = 'cancelled' then cost_usd end), 0)") }} as cancelled_cost_usd
    from dated
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

measured as (
    select
        {{ grain | join(',\n        ') }},
        total_cost_usd,
        attempted_units,
        successful_units,
        failed_units,
        pending_units,
        final_cost_usd,
        failed_cost_usd,
        {{ money_ratio('successful_units', '(successful_units + failed_units)') }} as success_rate,
        {{ money_ratio('total_cost_usd', 'attempted_units') }} as cost_per_attempted_unit_usd,
        {{ money_ratio('final_cost_usd', 'successful_units') }} as cost_per_successful_unit_usd,
        {{ money_ratio('total_cost_usd', '(successful_units + pending_units)') }} as cost_per_successful_unit_low_usd,
        {{ money_ratio('total_cost_usd', 'successful_units') }} as cost_per_successful_unit_high_usd,
        {{ money_ratio('failed_cost_usd', 'failed_units') }} as cost_per_failed_unit_usd,
        {{ money_ratio('(failed_cost_usd + cancelled_cost_usd)', 'final_cost_usd') }} as waste_share,
        {{ money_ratio('(successful_units + failed_units)', 'attempted_units') }} as cohort_maturity
    from summed
)

select * from measured
