{# Late prices as ledger entries, two for each change, with the cost center that bears the calls. #}
{% set bearing = ['period_month', 'team', 'workflow', 'application', 'agent_id', 'cost_center', 'api_key_id', 'provider', 'billing_account_id'] %}
with changes as (
    select
        *,
        {{ text_key(bearing) }} as bearing_key
    from {{ ref('int_usage_price_changes') }}
),

owners as (
    select
        {{ text_key(bearing) }} as bearing_key,
        min(bearing_cost_center) as bearing_cost_center
    from {{ ref('int_usage_costs_owned') }}
    group by {{ text_key(bearing) }}
),

owned as (
    select
        changes.*,
        coalesce(owners.bearing_cost_center, '__unassigned__') as bearing_cost_center
    from changes
    left join owners on changes.bearing_key = owners.bearing_key
),

entries as (
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id,
        known_slot, known_at, -change_usd as amount_usd, 'late_event' as reason
    from owned
    union all
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id,
        changed_slot as known_slot, changed_slot as known_at, change_usd as amount_usd, 'price' as reason
    from owned
)

select * from entries
