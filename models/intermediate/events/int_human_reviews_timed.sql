{{ config(materialized='table') }}
{# What counts and what a later version replaced, both charged alike; only postings need the latter. Minutes that one
   reviewer spends on two units at once are charged once: to the sitting that was known when the month was closed, else to the
   one that started first. So a late sitting changes no closed one. #}
with slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

dated as (
    select
        *,
        {{ known_at('ingested_at', 'started_at') }} as known_at,
        coalesce(minutes, cast({{ money_ratio(seconds_between('started_at', 'ended_at'), '60') }} as decimal(20, 6))) as sitting_minutes,
        {# Told minutes are the time worked: a sitting takes them from its start, whenever its file was closed. #}
        coalesce({{ add_microseconds('started_at', 'cast(minutes * 60000000 as bigint)') }}, ended_at) as sitting_ended_at
    from {{ ref('int_human_reviews_resolved') }}
    where record_status = 'kept' or replaced_at is not null
),

slotted as (
    select
        dated.*,
        known.known_slot,
        known.known_to,
        coalesce(known.known_slot, cast('0001-01-01' as timestamp)) as slot_order,
        coalesce(replaced.known_slot, cast('0001-01-01' as timestamp)) as replaced_slot_order
    from dated
    left join slots as known
        on {{ month_of('dated.started_at') }} = known.period_month and dated.known_at >= known.known_from and dated.known_at < known.known_to
    left join slots as replaced
        on
            {{ month_of('dated.started_at') }} = replaced.period_month
            and dated.replaced_at >= replaced.known_from
            and dated.replaced_at < replaced.known_to
),

sequenced as (
    select
        *,
        case when reviewer_id is not null then
            max(sitting_ended_at) over (
                partition by reviewer_id, slot_order order by started_at, review_id rows between unbounded preceding and 1 preceding
            )
        end as busy_until
    from slotted
    {# What came and went between two closes was never charged. #}
    where replaced_at is null or replaced_slot_order <> slot_order
),

freed as (
    select
        *,
        greatest(started_at, coalesce(busy_until, started_at)) as free_from
    from sequenced
),

{# What of a late sitting earlier ones take, those that counted when it became known. #}
taken as (
    select
        late.file_path,
        late.landed_row,
        sum({{ seconds_between('greatest(late.free_from, earlier.free_from)', 'least(late.sitting_ended_at, earlier.sitting_ended_at)') }}) as taken_seconds
    from freed as late
    inner join freed as earlier
        on
            late.reviewer_id = earlier.reviewer_id
            and late.slot_order > earlier.slot_order
            and (earlier.replaced_at is null or earlier.replaced_at >= late.known_to)
            and greatest(late.free_from, earlier.free_from) < least(late.sitting_ended_at, earlier.sitting_ended_at)
    where late.known_slot is not null
    group by late.file_path, late.landed_row
),

timed as (
    select
        freed.*,
        case
            when freed.busy_until is null or freed.busy_until <= freed.started_at then freed.sitting_minutes
            when freed.busy_until >= freed.sitting_ended_at then 0
            else least(
                freed.sitting_minutes,
                cast({{ money_ratio(seconds_between('freed.busy_until', 'freed.sitting_ended_at'), '60') }} as decimal(20, 6))
            )
        end as own_minutes,
        cast(coalesce({{ money_ratio('taken.taken_seconds', '60') }}, 0) as decimal(20, 6)) as taken_minutes
    from freed
    left join taken on freed.file_path = taken.file_path and freed.landed_row = taken.landed_row
),

charged as (
    select
        *,
        greatest(0, own_minutes - taken_minutes) as review_minutes
    from timed
)

select * from charged
