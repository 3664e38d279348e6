{# Late prices and corrected calls as ledger entries, two for each change, with the cost center that bears the calls. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent', 'billing_account'] %}
{% set known = ['changes.cost_center', 'team_owners.cost_center', 'workflow_owners.cost_center', 'application_owners.cost_center', 'agent_owners.cost_center'] %}
with changes as (
    select * from {{ ref('int_usage_price_changes') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

keys as (
    select * from {{ ref('int_api_key_months') }}
),

{# The order of int_usage_costs_owned. #}
owned as (
    select
        changes.*,
        case
            when coalesce({{ known | join(', ') }}) is not null then coalesce({{ known | join(', ') }})
            when coalesce(keys.is_shared, false) then '__unassigned__'
            else coalesce(keys.cost_center, billing_account_owners.cost_center, '__unassigned__')
        end as bearing_cost_center
    from changes
    {{ owner_joins('changes', owner_types) }}
    left join keys on changes.period_month = keys.period_month and changes.api_key_id = keys.api_key_id
),

entries as (
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id, usage_date,
        known_slot, known_at, -change_usd as amount_usd, 'late_event' as reason
    from owned
    union all
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id, usage_date,
        changed_slot as known_slot, changed_slot as known_at, change_usd as amount_usd, reason
    from owned
)

select * from entries
