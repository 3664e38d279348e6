{# Late prices and corrected calls as ledger entries, two for each change, with the cost center that bears the calls. #}
with changes as (
    select * from {{ ref('int_usage_price_changes') }} where change_usd <> 0
),

entries as (
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id, usage_date,
        known_slot, known_at, -change_usd as amount_usd, 'late_event' as reason
    from changes
    union all
    select
        period_month, environment, layer, bearing_cost_center as cost_center, provider, billing_account_id, usage_date,
        changed_slot as known_slot, changed_slot as known_at, change_usd as amount_usd, reason
    from changes
)

select * from entries
