{{ config(materialized='table') }}
{# Where a fact of a month goes that became known in a slot: to its own month while that is open, else to the first month
   after it that is. #}
with slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

closes as (
    select * from {{ ref('int_period_closes') }}
),

instants as (
    select distinct known_slot from slots
),

entities as (
    select distinct entity from closes
),

listed as (
    select
        entity,
        {{ month_of_period('period') }} as period_month
    from {{ ref('periods') }}
),

{# After the last listed period comes one that nobody has closed. #}
candidates as (
    select
        entity,
        period_month
    from listed
    union
    select
        entity,
        {{ month_of('max(period_month) + interval 1 month') }} as period_month
    from listed
    group by entity
),

shut as (
    select
        closes.entity,
        instants.known_slot,
        closes.period_month
    from closes
    inner join instants on closes.closed_at <= instants.known_slot and closes.closed_until > instants.known_slot
),

open_candidates as (
    select
        entities.entity,
        slots.period_month as event_month,
        slots.known_slot,
        candidates.period_month as posting_month
    from entities
    cross join slots
    inner join candidates on entities.entity = candidates.entity and slots.period_month <= candidates.period_month
    left join shut
        on
            entities.entity = shut.entity
            and slots.known_slot = shut.known_slot
            and candidates.period_month = shut.period_month
    where shut.period_month is null
),

firsts as (
    select
        entity,
        event_month,
        known_slot,
        min(posting_month) as posting_month
    from open_candidates
    group by entity, event_month, known_slot
)

select * from firsts
