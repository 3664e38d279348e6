-- A period closes after its own end and after the period before it; what is closed has no open period behind it.
with first_closes as (
    select
        entity,
        period,
        min(closed_at) as closed_at
    from {{ ref('periods') }}
    group by entity, period
),

periods as (
    select
        entity,
        period,
        closed_at,
        cast(concat(period, '-01') as timestamp) as starts_at,
        lag(period) over (partition by entity order by period) as previous_period,
        lag(closed_at) over (partition by entity order by period) as previous_closed_at
    from first_closes
)

select
    'close_sequence: this period is closed too early or before the one before it; correct seeds/policy/periods.csv' as reason,
    entity,
    period,
    closed_at,
    previous_period,
    previous_closed_at
from periods
where
    closed_at is not null
    and (
        closed_at < starts_at + interval 1 month
        or (previous_period is not null and (previous_closed_at is null or previous_closed_at >= closed_at))
    )
