{% set grain = ['period_grain', 'period_start', 'environment', 'application', 'workflow', 'unit_type', 'dimension', 'dimension_value'] %}
with rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

targets as (
    select * from {{ ref('int_unit_targets') }}
),

breakdowns as (
    select * from {{ ref('int_unit_breakdowns') }}
),

dated as (
    select 'month' as period_grain, cohort_month as period_start, * from breakdowns
    union all
    select 'week' as period_grain, cohort_week as period_start, * from breakdowns
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
        dimension_value,
        {{ ledger('sum(cost_usd)') }} as total_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        cast(sum(case when state <> 'cancelled' then counted_units else 0 end) as bigint) as attempted_units,
        {% for state, name in {'success': 'successful', 'failed': 'failed', 'pending': 'pending'}.items() -%}
        cast(sum(case when state = '{{ state }}' then counted_units else 0 end) as bigint) as {{ name }}_units,
        {% endfor -%}
        {{ ledger("coalesce(sum(case when state <> 'pending' then cost_usd end), 0)") }} as final_cost_usd,
        {{ ledger("coalesce(sum(case when state = 'failed' then cost_usd end), 0)") }} as failed_cost_usd,
        {{ ledger("coalesce(sum(case when state = 'cancelled' then cost_usd end), 0)") }} as cancelled_cost_usd
    from dated
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

settled as (
    select
        summed.*,
        {{ is_mature('summed.successful_units + summed.failed_units', 'summed.attempted_units', 'maturity.value') }} as is_mature
    from summed
    {{ threshold_join('maturity_share', 'maturity', 'summed.period_start') }}
),

measured as (
    select
        {{ grain | join(',\n        ') }},
        total_cost_usd,
        {{ money_ratio('allocated_cost_usd', 'total_cost_usd') }} as allocated_cost_share,
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
        {{ money_ratio('(successful_units + failed_units)', 'attempted_units') }} as cohort_maturity,
        is_mature,
        case period_grain
            when 'week' then period_start - interval 7 day
            else period_start - interval 1 month
        end as previous_period_start
    from settled
),

compared as (
    select
        measured.*,
        previous.cost_per_successful_unit_usd as previous_cost_per_successful_unit_usd,
        {# As in rpt_unit_economics, only settled periods are compared. #}
        case
            when measured.is_mature and previous.is_mature
                then {{ money_ratio(
                    '(measured.cost_per_successful_unit_usd - previous.cost_per_successful_unit_usd)', 'previous.cost_per_successful_unit_usd'
                ) }}
        end as change_rate,
        {{ ledger('coalesce(own_targets.target_cost_usd, type_targets.target_cost_usd)') }} as target_cost_usd,
        coalesce(own_rules.is_primary, type_rules.is_primary, false) as is_primary_unit
    from measured
    left join measured as previous
        on
            measured.period_grain = previous.period_grain
            and measured.previous_period_start = previous.period_start
            and measured.environment = previous.environment
            and measured.unit_type = previous.unit_type
            and coalesce(measured.application, '') = coalesce(previous.application, '')
            and coalesce(measured.workflow, '') = coalesce(previous.workflow, '')
            and measured.dimension = previous.dimension
            and measured.dimension_value = previous.dimension_value
    {{ unit_rule_joins('measured') }}
    {{ unit_target_joins('measured', 'workflow', 'measured.period_start') }}
),

reported as (
    select
        {{ grain | join(',\n        ') }},
        is_primary_unit,
        total_cost_usd,
        allocated_cost_share,
        attempted_units,
        successful_units,
        failed_units,
        pending_units,
        final_cost_usd,
        failed_cost_usd,
        success_rate,
        cost_per_attempted_unit_usd,
        cost_per_successful_unit_usd,
        cost_per_successful_unit_low_usd,
        cost_per_successful_unit_high_usd,
        cost_per_failed_unit_usd,
        waste_share,
        cohort_maturity,
        previous_cost_per_successful_unit_usd,
        change_rate,
        target_cost_usd
    from compared
)

select * from reported
