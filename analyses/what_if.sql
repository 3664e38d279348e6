-- What would a unit cost if ...? The scenarios of seeds/policy/what_if_assumptions.csv on the actual ledger, part by part
-- of the cost bridge, per month. The scenario `actual` changes nothing and shows the actual figures to the last digit.
-- A change of cost never brings its own change of success: that is an assumption of its own (success_share). Whether a
-- cheaper way pays at all is told by break_even_success_share: below it, it costs more per success than today.
{% set parts = {'per_success_first_pass': 'model_first_pass', 'plus_wasted_calls': 'wasted_calls', 'plus_shared_costs': 'shared_costs'} %}
{% for layer in cost_layers() %}{% do parts.update({'plus_' ~ layer: layer}) %}{% endfor %}
with bridge as (
    select * from {{ ref('rpt_cost_bridge') }}
),

assumptions as (
    select * from {{ ref('what_if_assumptions') }}
),

scenarios as (
    select distinct scenario_id, unit_type from assumptions
    union all
    select distinct 'actual' as scenario_id, unit_type from bridge
),

attempts as (
    select
        period_month,
        workflow,
        unit_type,
        max(case when step = 'per_attempt' then units_of_measure end) as attempts,
        max(case when step = 'per_success' then units_of_measure end) as successes
    from bridge
    group by period_month, workflow, unit_type
),

volumes as (
    select
        scenarios.scenario_id,
        attempts.*,
        cast(
            case assumptions.operation
                when 'set' then attempts.attempts * assumptions.value
                when 'multiply' then attempts.successes * assumptions.value
                else attempts.successes
            end as decimal(26, 9)) as scenario_successes
    from attempts
    inner join scenarios on attempts.unit_type = scenarios.unit_type
    left join assumptions
        on
            scenarios.scenario_id = assumptions.scenario_id
            and scenarios.unit_type = assumptions.unit_type
            and assumptions.assumption = 'success_share'
),

costed as (
    select
        volumes.*,
        bridge.step_order,
        case bridge.step {% for step, part in parts.items() %}when '{{ step }}' then '{{ part }}' {% endfor %}end as part,
        bridge.numerator_usd as actual_cost_usd
    from volumes
    inner join bridge
        on
            volumes.period_month = bridge.period_month
            and volumes.unit_type = bridge.unit_type
            and coalesce(volumes.workflow, '') = coalesce(bridge.workflow, '')
    where bridge.step in ('{{ parts.keys() | join("', '") }}')
),

assumed as (
    select
        costed.*,
        assumptions.assumption is not null as is_assumed,
        {# Each cast by itself: one type for all three would cost the actual amount its last digits. #}
        case assumptions.operation
            when 'set' then {{ ledger('costed.attempts * assumptions.value') }}
            when 'multiply'
                then {{ ledger('cast(costed.actual_cost_usd as decimal(26, 12)) * cast(assumptions.value as decimal(12, 6))') }}
            else costed.actual_cost_usd
        end as scenario_cost_usd
    from costed
    left join assumptions
        on
            costed.scenario_id = assumptions.scenario_id
            and costed.unit_type = assumptions.unit_type
            and costed.part = assumptions.assumption
),

totalled as (
    select scenario_id, period_month, workflow, unit_type, step_order, part, attempts, successes, scenario_successes, is_assumed,
        actual_cost_usd, scenario_cost_usd from assumed
    union all
    select scenario_id, period_month, workflow, unit_type, 99, 'total', attempts, successes, scenario_successes,
        max(case when is_assumed then 1 else 0 end) = 1, {{ ledger('sum(actual_cost_usd)') }}, {{ ledger('sum(scenario_cost_usd)') }}
    from assumed
    group by scenario_id, period_month, workflow, unit_type, attempts, successes, scenario_successes
),

measured as (
    select
        *,
        {{ money_ratio('actual_cost_usd', 'successes') }} as actual_cost_per_success_usd,
        {{ money_ratio('scenario_cost_usd', 'scenario_successes') }} as scenario_cost_per_success_usd,
        {{ money_ratio('scenario_cost_usd', 'attempts') }} as scenario_cost_per_attempt_usd
    from totalled
),

compared as (
    select
        scenario_id,
        period_month,
        workflow,
        unit_type,
        part,
        is_assumed,
        'estimated' as evidence,
        actual_cost_usd,
        scenario_cost_usd,
        successes,
        scenario_successes,
        actual_cost_per_success_usd,
        scenario_cost_per_success_usd,
        scenario_cost_per_success_usd - actual_cost_per_success_usd as difference_usd,
        case when part = 'total' then {{ money_ratio('scenario_cost_per_attempt_usd', 'actual_cost_per_success_usd') }} end
            as break_even_success_share,
        step_order
    from measured
    where actual_cost_usd <> 0 or scenario_cost_usd <> 0
)

select * from compared
order by scenario_id, unit_type, workflow, period_month, step_order
