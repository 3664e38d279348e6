{# Engineers read the first steps, finance the last: each row is the one before times a factor or plus a layer. Pending
   units stand outside, so that the last step is the cost per successful unit of record. #}
{% set steps = [
    ('per_million_tokens', 'api_cost_usd', 'tokens', 'tokens'),
    ('per_request', 'api_cost_usd', 'requests', 'requests'),
    ('per_attempt', 'api_cost_usd', 'attempts', 'attempted units'),
    ('per_success_first_pass', 'api_cost_usd - retry_cost_usd', 'successes', 'successful units'),
    ('plus_wasted_calls', 'retry_cost_usd', 'successes', 'successful units'),
] %}
{% set other_layers = cost_layers() | reject('in', ['model_api', 'embedding']) | list %}
{% for layer in other_layers %}{% do steps.append(('plus_' ~ layer, layer ~ '_cost_usd', 'successes', 'successful units')) %}{% endfor %}
{% do steps.extend([
    ('plus_shared_costs', 'allocated_cost_usd', 'successes', 'successful units'),
    ('per_success', 'total_cost_usd', 'successes', 'successful units'),
]) %}
with units as (
    select * from {{ ref('fct_units') }} where is_attempted and state <> 'pending' and environment = 'production'
),

sums as (
    select
        cohort_month as period_month,
        workflow,
        unit_type,
        {{ ledger('sum(model_api_cost_usd + embedding_cost_usd)') }} as api_cost_usd,
        {{ ledger('sum(wasted_api_cost_usd)') }} as retry_cost_usd,
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

stepped as (
    {% for step, numerator, denominator, measure in steps %}
    select
        period_month,
        workflow,
        unit_type,
        {{ loop.index }} as step_order,
        '{{ step }}' as step,
        {{ money_ratio('(' ~ numerator ~ ')', '(tokens * 0.000001)' if step == 'per_million_tokens' else denominator) }} as amount_usd,
        {{ ledger(numerator) }} as numerator_usd,
        {{ denominator }} as units_of_measure,
        '{{ measure }}' as measure
    from sums
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from stepped
