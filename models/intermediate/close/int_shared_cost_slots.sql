{# When a shared cost became known, for each month that it covers. Without a time it was known when the month began. #}
with months as (
    select
        booking_id,
        period_start,
        period_month,
        known_at
    from {{ ref('int_shared_cost_months') }}
),

slotted as (
    select
        months.*,
        slots.known_slot
    from months
    {{ knowledge_slot_join('months.period_month', 'months.known_at') }}
)

select * from slotted
