{# What policy says was closed, and from when to when, as of the moment the marts speak from. #}
with periods as (
    select * from {{ ref('periods') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

closed as (
    select
        periods.entity,
        periods.period,
        {{ month_of_period('periods.period') }} as period_month,
        periods.closed_at,
        case when periods.reopened_at <= clock.as_of then periods.reopened_at end as reopened_at,
        periods.closed_by,
        periods.approved_by,
        periods.expected_total,
        row_number() over (partition by periods.entity, periods.period order by periods.closed_at) as close_version,
        row_number() over (partition by periods.entity, periods.period order by periods.closed_at desc) as newest_first
    from periods
    cross join clock
    where periods.closed_at <= clock.as_of
),

numbered as (
    select
        *,
        coalesce(reopened_at, cast('9999-12-31' as timestamp)) as closed_until
    from closed
)

select * from numbered
