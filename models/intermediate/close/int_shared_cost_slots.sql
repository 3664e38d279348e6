{# When a shared cost became known, for each month that it covers. Without a time it was known when the month began. #}
with months as (
    select
        months.shared_cost_id,
        months.period_start,
        months.period_month,
        {{ known_at('shared_costs.ingested_at', 'cast(months.period_month as timestamp)') }} as known_at
    from {{ ref('int_shared_cost_months') }} as months
    inner join {{ ref('int_shared_costs') }} as shared_costs
        on months.shared_cost_id = shared_costs.shared_cost_id and months.period_start = shared_costs.period_start
),

slotted as (
    select
        months.*,
        slots.known_slot
    from months
    {{ knowledge_slot_join('months.period_month', 'months.known_at') }}
)

select * from slotted
