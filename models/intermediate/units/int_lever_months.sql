{# The drivers of cost per success, per workflow and month, over settled production units (semantics.md section 6). They
   are ratios for a decomposition, so floating point; the figures they explain stay exact. A call in another currency
   than the reporting one, or shared by several units, is not split into drivers: its cost lies in the other costs. #}
with call_costs as (
    select * from {{ ref('int_unit_call_costs') }} where unit_id is not null
),

units as (
    select * from {{ ref('fct_units') }}
    where environment = 'production' and is_attempted and state <> 'pending'
),

{# What is still open would read as a change: only months of one maturity are taken apart. #}
mature as (
    select
        units.cohort_month,
        units.workflow,
        units.unit_type
    from {{ ref('fct_units') }} as units
    {{ threshold_join('maturity_share', 'maturity', 'units.cohort_month') }}
    where units.environment = 'production' and units.is_attempted and units.state <> 'cancelled'
    group by units.cohort_month, units.workflow, units.unit_type
    having {{ is_mature('sum(case when units.is_final then 1 else 0 end)', 'count(*)', 'max(maturity.value)') }}
),

called as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        count(*) as attempts,
        sum(case when coalesce(attempt_number, 1) = 1 and not coalesce(is_fallback, false) then 1 else 0 end) as calls,
        sum(input_tokens) as input_tokens,
        sum(least(coalesce(retrieved_tokens, 0), input_tokens)) as retrieved_tokens,
        sum(output_tokens) as output_tokens,
        sum(uncached_price_micros) as uncached_price_micros,
        sum(paid_input_micros) as paid_input_micros,
        sum(output_micros) as paid_output_micros
    from call_costs
    where paid_input_micros is not null
    group by environment, unit_type, unit_id, episode_number
),

summed as (
    select
        units.cohort_month as period_month,
        units.workflow,
        units.unit_type,
        cast(sum(case when units.state <> 'cancelled' then 1 else 0 end) as double) as attempted,
        cast(sum(case when units.state = 'success' then 1 else 0 end) as double) as successes,
        cast(sum(called.attempts) as double) as attempts,
        cast(sum(called.calls) as double) as calls,
        cast(sum(called.input_tokens) as double) as input_tokens,
        cast(sum(called.retrieved_tokens) as double) as retrieved_tokens,
        cast(sum(called.output_tokens) as double) as output_tokens,
        cast(sum(called.uncached_price_micros) as double) / 1000000 as uncached_price_usd,
        cast(sum(called.paid_input_micros) as double) / 1000000 as paid_input_usd,
        cast(sum(called.paid_output_micros) as double) / 1000000 as paid_output_usd,
        cast(sum(units.retrieval_cost_usd) as double) as retrieval_usd,
        cast(sum(units.human_review_cost_usd) as double) as review_usd,
        cast(sum(units.total_cost_usd) as double) as total_usd,
        {{ money_ratio('sum(units.total_cost_usd)', "sum(case when units.state = 'success' then 1 else 0 end)") }} as cost_per_successful_unit_usd
    from units
    left join called
        on
            units.environment = called.environment
            and units.unit_type = called.unit_type
            and units.unit_id = called.unit_id
            and units.episode_number = called.episode_number
    inner join mature
        on
            units.cohort_month = mature.cohort_month
            and coalesce(units.workflow, '') = coalesce(mature.workflow, '')
            and units.unit_type = mature.unit_type
    group by units.cohort_month, units.workflow, units.unit_type
),

driven as (
    select
        period_month,
        workflow,
        unit_type,
        cost_per_successful_unit_usd,
        successes / nullif(attempted, 0) as success_share,
        coalesce(calls, 0) / nullif(attempted, 0) as calls_per_unit,
        {# Without calls, tokens or input of a kind its driver is neutral, so that the other levers still speak. #}
        coalesce(attempts / nullif(calls, 0), 1) as attempts_per_call,
        coalesce((input_tokens - retrieved_tokens) / nullif(attempts, 0), 0) as prompt_tokens_per_attempt,
        coalesce(retrieved_tokens / nullif(attempts, 0), 0) as retrieved_tokens_per_attempt,
        coalesce(output_tokens / nullif(attempts, 0), 0) as output_tokens_per_attempt,
        coalesce(uncached_price_usd / nullif(input_tokens, 0), 0) as input_price,
        coalesce(paid_output_usd / nullif(output_tokens, 0), 0) as output_price,
        coalesce(paid_input_usd / nullif(uncached_price_usd, 0), 1) as caching_factor,
        retrieval_usd / nullif(attempted, 0) as retrieval_cost,
        review_usd / nullif(attempted, 0) as review_cost,
        (total_usd - coalesce(paid_input_usd, 0) - coalesce(paid_output_usd, 0) - retrieval_usd - review_usd)
        / nullif(attempted, 0) as other_cost
    from summed
)

select * from driven
