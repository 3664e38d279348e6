with periods as (
    select
        *,
        {{ ledger('successful_cost_usd + failed_cost_usd + cancelled_cost_usd') }} as final_cost_usd,
        successful_units + failed_units as final_units,
        case period_grain
            when 'week' then period_start - interval 7 day
            else period_start - interval 1 month
        end as previous_period_start
    from {{ ref('int_unit_economics_periods') }}
),

rules as (
    select * from {{ ref('int_unit_type_rules') }}
),

targets as (
    select * from {{ ref('int_unit_targets') }}
),

measured as (
    select
        periods.*,
        {{ money_ratio('periods.final_cost_usd', 'periods.successful_units') }} as cost_per_successful_unit_usd,
        {{ is_mature('periods.final_units', 'periods.attempted_units', 'maturity.value') }} as is_mature
    from periods
    {{ threshold_join('maturity_share', 'maturity', 'periods.period_start') }}
),

compared as (
    select
        measured.*,
        previous.cost_per_successful_unit_usd as previous_cost_per_successful_unit_usd,
        previous.is_mature as is_previous_mature,
        coalesce(own_targets.target_cost_usd, type_targets.target_cost_usd) as target_cost_usd,
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
    {{ unit_rule_joins('measured') }}
    {{ unit_target_joins('measured', 'workflow', 'measured.period_start') }}
),

reported as (
    select
        period_grain,
        period_start,
        environment,
        application,
        workflow,
        unit_type,
        is_primary_unit,
        total_cost_usd,
        allocated_cost_usd,
        {{ money_ratio('allocated_cost_usd', 'total_cost_usd') }} as allocated_cost_share,
        attempted_units,
        successful_units,
        failed_units,
        pending_units,
        cancelled_units,
        final_units,
        final_cost_usd,
        {{ money_ratio('successful_units', 'final_units') }} as success_rate,
        {{ money_ratio('total_cost_usd', 'attempted_units') }} as cost_per_attempted_unit_usd,
        cost_per_successful_unit_usd,
        {{ money_ratio('total_cost_usd', '(successful_units + pending_units)') }} as cost_per_successful_unit_low_usd,
        {{ money_ratio('total_cost_usd', 'successful_units') }} as cost_per_successful_unit_high_usd,
        expected_successful_units,
        {{ money_ratio('total_cost_usd', 'expected_successful_units') }} as cost_per_successful_unit_nowcast_usd,
        {{ money_ratio('failed_cost_usd', 'failed_units') }} as cost_per_failed_unit_usd,
        failed_cost_usd,
        cancelled_cost_usd,
        pending_cost_usd,
        {{ money_ratio('(failed_cost_usd + cancelled_cost_usd)', 'final_cost_usd') }} as waste_share,
        wasted_cost_usd,
        {{ money_ratio('final_units', 'attempted_units') }} as cohort_maturity,
        previous_cost_per_successful_unit_usd,
        {# What is still open would read as a change, so only settled periods are compared. #}
        case
            when is_mature and is_previous_mature
                then {{ money_ratio('(cost_per_successful_unit_usd - previous_cost_per_successful_unit_usd)', 'previous_cost_per_successful_unit_usd') }}
        end as change_rate,
        {{ ledger('target_cost_usd') }} as target_cost_usd,
        unpriced_request_count,
        case
            when successful_units = 0 then 'insufficient_volume'
            when is_mature then 'final'
            else 'provisional'
        end as figure_status
    from compared
)

select * from reported
