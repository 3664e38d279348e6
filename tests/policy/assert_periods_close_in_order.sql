-- A period closes after its own end and after the period before it, once until it is reopened; it is reopened only while no
-- later period is closed, and closed again before a later one is.
with closes as (
    select
        entity,
        period,
        closed_at,
        reopened_at,
        cast(concat(period, '-01') as timestamp) as starts_at,
        coalesce(reopened_at, cast('9999-12-31' as timestamp)) as closed_until,
        lag(reopened_at) over (partition by entity, period order by closed_at) as last_reopened_at,
        row_number() over (partition by entity, period order by closed_at) as close_version,
        dense_rank() over (partition by entity order by period) as period_number
    from {{ ref('periods') }}
),

{# The close of the period before it that holds at this close. #}
behind as (
    select distinct
        closes.entity,
        closes.period,
        closes.closed_at
    from closes
    inner join closes as earlier
        on
            closes.entity = earlier.entity
            and earlier.period_number = closes.period_number - 1
            and earlier.closed_at < closes.closed_at
            and earlier.closed_until > closes.closed_at
),

broken as (
    select closes.*, 'this period is closed too early or before the one before it' as rule
    from closes
    left join behind on closes.entity = behind.entity and closes.period = behind.period and closes.closed_at = behind.closed_at
    where
        closes.closed_at is not null
        and (closes.closed_at < closes.starts_at + interval 1 month or (closes.period_number > 1 and behind.period is null))
    union all
    select closes.*, 'this period is closed twice without being reopened between' as rule
    from closes
    where close_version > 1 and closed_at is not null and (last_reopened_at is null or last_reopened_at >= closed_at)
    union all
    select closes.*, 'this period is reopened while a later one is closed; reopen that one first' as rule
    from closes
    inner join closes as later
        on
            closes.entity = later.entity
            and closes.period < later.period
            and closes.reopened_at >= later.closed_at
            and closes.reopened_at < later.closed_until
)

select
    concat('close_sequence: ', rule, '; correct seeds/policy/periods.csv') as reason,
    entity,
    period,
    closed_at,
    reopened_at
from broken
