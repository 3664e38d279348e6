{# What each episode cost directly, by layer: calls, metered charges and review minutes in one pass. #}
{% set tokens = ['input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens'] %}
{% set measures = [
    'occurred_at', 'application', 'workflow', 'agent_id', 'tenant_id', 'is_split', 'team', 'cost_center', 'layer', 'cost_micros_usd',
    'requests', 'attempts', 'retries',
] + tokens + ['review_minutes', 'unpriced_requests', 'usage_missing', 'estimated_micros', 'wasted_call_micros', 'wasted_api_micros'] %}
with later_episodes as (
    select * from {{ ref('int_unit_later_episodes') }}
),

usage as (
    select
        environment, unit_type, unit_id, episode_number, occurred_at, application, workflow, agent_id, tenant_id,
        is_split, team, cost_center, layer, cost_micros_usd, requests, 1 as attempts,
        case when attempt_number > 1 and not coalesce(is_fallback, false) then 1 else 0 end as retries,
        {{ tokens | join(', ') }}, cast(0 as decimal(20, 6)) as review_minutes,
        case when cost_status in ('unpriced', 'partially_priced') then requests else 0 end as unpriced_requests,
        case when cost_status = 'usage_missing' then 1 else 0 end as usage_missing,
        case when is_estimated then cost_micros_usd end as estimated_micros,
        case when call_class <> 'final' then cost_micros_usd end as wasted_call_micros,
        case when call_class <> 'final' and layer in ('model_api', 'embedding') then cost_micros_usd end as wasted_api_micros
    from {{ ref('int_unit_call_costs') }}
    where unit_id is not null
),

metered as (
    select
        environment, unit_type, unit_id, episode_number, occurred_at, application, workflow, agent_id, tenant_id,
        is_split, team, cost_center, layer, cost_micros_usd, 0 as requests, 0 as attempts, 0 as retries,
        {% for token in tokens %}0 as {{ token }}, {% endfor %}cast(0 as decimal(20, 6)) as review_minutes,
        case when cost_status = 'unpriced' then 1 else 0 end as unpriced_requests, 0 as usage_missing,
        cast(null as decimal(28, 6)) as estimated_micros, cast(null as decimal(28, 6)) as wasted_call_micros,
        cast(null as decimal(28, 6)) as wasted_api_micros
    from {{ ref('int_unit_charge_costs') }}
),

reviewed as (
    select
        environment, unit_type, unit_id, started_at as occurred_at,
        {% for dimension in ['application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center'] -%}
        cast(null as {{ dbt.type_string() }}) as {{ dimension }}, {% endfor %}
        false as is_split, 'human_review' as layer, cost_micros_usd, 0 as requests, 0 as attempts, 0 as retries,
        {% for token in tokens %}0 as {{ token }}, {% endfor %}review_minutes,
        case when cost_micros_usd is null then 1 else 0 end as unpriced_requests, 0 as usage_missing,
        cast(null as decimal(28, 6)) as estimated_micros, cast(null as decimal(28, 6)) as wasted_call_micros,
        cast(null as decimal(28, 6)) as wasted_api_micros
    from {{ ref('int_human_reviews') }}
),

placed as (
    select
        reviewed.environment,
        reviewed.unit_type,
        reviewed.unit_id,
        coalesce(later_episodes.episode_number, 1) as episode_number,
        {% for column in measures -%}
        reviewed.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from reviewed
    left join later_episodes
        on
            reviewed.environment = later_episodes.environment
            and reviewed.unit_type = later_episodes.unit_type
            and reviewed.unit_id = later_episodes.unit_id
            and reviewed.occurred_at >= later_episodes.starts_at
            and reviewed.occurred_at < later_episodes.ends_at
),

costs as (
    select environment, unit_type, unit_id, episode_number, {{ measures | join(', ') }} from usage
    union all
    select environment, unit_type, unit_id, episode_number, {{ measures | join(', ') }} from metered
    union all
    select environment, unit_type, unit_id, episode_number, {{ measures | join(', ') }} from placed
),

summed as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        min(application) as application,
        min(workflow) as workflow,
        min(agent_id) as agent_id,
        {# The tenant of a session that several units share is not told of one of them: it serves where none other is. #}
        coalesce(min(case when not is_split then tenant_id end), min(tenant_id)) as tenant_id,
        min(case when not is_split then tenant_id end) as own_tenant_id,
        max(case when not is_split then tenant_id end) as other_tenant_id,
        min(team) as team,
        min(cost_center) as cost_center,
        min(occurred_at) as first_cost_at,
        max(occurred_at) as last_cost_at,
        sum(requests) as request_count,
        sum(attempts) as attempt_count,
        sum(retries) as retry_count,
        {% for token in tokens -%}
        sum({{ token }}) as {{ token }},
        {% endfor -%}
        sum(review_minutes) as review_minutes,
        {% for layer in cost_layers() -%}
        sum(case when layer = '{{ layer }}' then cost_micros_usd end) as {{ layer }}_micros,
        {% endfor -%}
        sum(cost_micros_usd) as direct_micros,
        sum(estimated_micros) as estimated_micros,
        sum(wasted_call_micros) as wasted_call_micros,
        sum(wasted_api_micros) as wasted_api_micros,
        sum(unpriced_requests) as unpriced_request_count,
        sum(usage_missing) as usage_missing_count
    from costs
    group by environment, unit_type, unit_id, episode_number
)

select * from summed
