{# The monthly calls with the cost center that bears them: what the call names, else the owner of its team, workflow,
   application, agent, key or account. A call through a shared key that none before the key knows is untraced. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent', 'billing_account'] %}
{% set known = ['usage_costs.cost_center', 'team_owners.cost_center', 'workflow_owners.cost_center', 'application_owners.cost_center', 'agent_owners.cost_center'] %}
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
        coalesce({{ known | join(', ') }}) as known_cost_center,
        keys.cost_center as key_cost_center,
        coalesce(keys.is_shared, false) as is_shared_key,
        billing_account_owners.cost_center as account_cost_center
    from usage_costs
    {{ owner_joins('usage_costs', owner_types) }}
    left join keys on usage_costs.period_month = keys.period_month and usage_costs.api_key_id = keys.api_key_id
),

owned as (
    select
        *,
        case
            when known_cost_center is not null then known_cost_center
            when is_shared_key then '__unassigned__'
            else coalesce(key_cost_center, account_cost_center, '__unassigned__')
        end as bearing_cost_center,
        case when known_cost_center is null and is_shared_key then api_key_id end as untraced_key_id
    from joined
),

judged as (
    select
        *,
        case
            when cost_center is not null then 'direct'
            when bearing_cost_center = '__unassigned__' then 'none'
            else 'high'
        end as cost_center_confidence
    from owned
)

select * from judged
