{# Late prices and corrected calls as ledger entries, two for each change, with the cost center that bears the calls. #}
with changes as (
    select * from {{ ref('int_usage_price_changes') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

keys as (
    select * from {{ ref('int_api_key_months') }}
),

owned as (
    select
        changes.*,
        {{ call_cost_center('changes') }} as bearing_cost_center
    from changes
    {{ call_owner_joins('changes') }}
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
