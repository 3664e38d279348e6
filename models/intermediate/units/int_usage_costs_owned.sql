{# The monthly calls with the cost center that bears them: what the call names, else the owner of its team, workflow,
   application, agent, key or account. A call through a shared key that none before the key knows is untraced. #}
with usage_costs as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

keys as (
    select * from {{ ref('int_api_key_months') }}
),

joined as (
    select
        usage_costs.*,
        {{ call_cost_center('usage_costs') }} as bearing_cost_center,
        case when {{ known_cost_center('usage_costs') }} is null and keys.is_shared then usage_costs.api_key_id end as untraced_key_id,
        keys.is_shared as is_shared_key
    from usage_costs
    {{ call_owner_joins('usage_costs') }}
),

judged as (
    select
        *,
        case
            when cost_center is not null then 'direct'
            when bearing_cost_center = '__unassigned__' then 'none'
            else 'high'
        end as cost_center_confidence
    from joined
)

select * from judged
