{# Engineers read the first steps, finance the last: each row is the one before times a factor or plus a layer. Pending
   units stand outside, so that the last step is the cost per successful unit of record. #}
{% set other_layers = cost_layers() | reject('in', ['model_api', 'embedding']) | list %}
with units as (
    select * from {{ ref('fct_units') }} where is_attempted and state <> 'pending' and environment = 'production'
),

sums as (
    select
        cohort_month as period_month,
        workflow,
        unit_type,
        {{ ledger('sum(model_api_cost_usd + embedding_cost_usd)') }} as api_cost_usd,
        {{ ledger('sum(wasted_call_cost_usd)') }} as retry_cost_usd,
        {% for layer in other_layers -%}
        {{ ledger('sum(' ~ layer ~ '_cost_usd)') }} as {{ layer }}_cost_usd,
        {% endfor -%}
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd,
        cast(sum(input_tokens + output_tokens) as bigint) as tokens,
        cast(sum(request_count) as bigint) as requests,
        cast(sum(case when state <> 'cancelled' then 1 else 0 end) as bigint) as attempts,
        cast(sum(case when state = 'success' then 1 else 0 end) as bigint) as successes
    from units
    group by cohort_month, workflow, unit_type
),

steps as (
    select period_month, workflow, unit_type, 1 as step_order, 'per_million_tokens' as step,
        {{ money_ratio('api_cost_usd', '(tokens * 0.000001)') }} as amount_usd, api_cost_usd as numerator_usd,
        tokens as units_of_measure, 'tokens' as measure from sums
    union all
    select period_month, workflow, unit_type, 2, 'per_request', {{ money_ratio('api_cost_usd', 'requests') }}, api_cost_usd,
        requests, 'requests' from sums
    union all
    select period_month, workflow, unit_type, 3, 'per_attempt', {{ money_ratio('api_cost_usd', 'attempts') }}, api_cost_usd,
        attempts, 'attempted units' from sums
    union all
    select period_month, workflow, unit_type, 4, 'per_success_first_pass',
        {{ money_ratio('(api_cost_usd - retry_cost_usd)', 'successes') }}, api_cost_usd - retry_cost_usd, successes,
        'successful units' from sums
    union all
    select period_month, workflow, unit_type, 5, 'plus_wasted_calls', {{ money_ratio('retry_cost_usd', 'successes') }},
        retry_cost_usd, successes, 'successful units' from sums
    {% for layer in other_layers %}
    union all
    select period_month, workflow, unit_type, {{ 5 + loop.index }}, 'plus_{{ layer }}',
        {{ money_ratio(layer ~ '_cost_usd', 'successes') }}, {{ layer }}_cost_usd, successes, 'successful units' from sums
    {% endfor %}
    union all
    select period_month, workflow, unit_type, 90, 'plus_shared_costs', {{ money_ratio('allocated_cost_usd', 'successes') }},
        allocated_cost_usd, successes, 'successful units' from sums
    union all
    select period_month, workflow, unit_type, 99, 'per_success', {{ money_ratio('total_cost_usd', 'successes') }},
        total_cost_usd, successes, 'successful units' from sums
),

typed as (
    select
        period_month,
        workflow,
        unit_type,
        step_order,
        step,
        amount_usd,
        {{ ledger('numerator_usd') }} as numerator_usd,
        units_of_measure,
        measure
    from steps
)

select * from typed
