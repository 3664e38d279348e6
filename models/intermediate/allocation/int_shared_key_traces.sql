{# The telemetry of a shared key: what each target's calls through it cost. Before the first traced call, the declared
   shares of its owners stand in. #}
{% set targets = {
    'cost_center': 'bearing_cost_center', 'team': 'team', 'tenant': 'tenant_id', 'application': 'application',
    'workflow': 'workflow', 'agent': 'agent_id',
} %}
with usage_costs as (
    select * from {{ ref('int_usage_costs_owned') }} where is_shared_key and untraced_key_id is null
),

keys as (
    select * from {{ ref('int_shared_key_costs') }}
),

api_keys as (
    select * from {{ ref('api_keys') }} where is_shared
),

traced as (
    {% for target_type, target_id in targets.items() %}
    select
        period_month,
        environment,
        api_key_id,
        '{{ target_type }}' as target_type,
        {{ target_id }} as target_id,
        cast(sum(cost_usd) as decimal(26, 12)) as quantity
    from usage_costs
    where {{ target_id }} is not null
    group by period_month, environment, api_key_id, {{ target_id }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

declared as (
    select
        keys.period_month,
        keys.environment,
        keys.api_key_id,
        api_keys.owner_type as target_type,
        api_keys.owner_id as target_id,
        cast(api_keys.share as decimal(26, 12)) as quantity
    from keys
    inner join api_keys
        on
            keys.api_key_id = api_keys.api_key_id
            and keys.period_month >= api_keys.valid_from
            and keys.period_month < coalesce(api_keys.valid_to, cast('9999-12-31' as date))
    where keys.traced_units = 0
),

listed as (
    select
        *,
        true as is_traced
    from traced
    union all
    select
        *,
        false as is_traced
    from declared
)

select * from listed
