{{ config(materialized='table') }}
{# Which statements were issued, a month at a time. An issue counts until the month is issued again or reopened. What is
   found out later about an issued month goes to the first month after it that is not issued. #}
with lines as (
    select * from {{ ref('stg_statements__issued_lines') }}
),

closes as (
    select * from {{ ref('int_period_closes') }}
),

issued as (
    select
        period_month,
        version,
        max(issued_at) as issued_at,
        max(prepared_by) as prepared_by,
        max(approved_by) as approved_by,
        row_number() over (partition by period_month order by version desc) as newest_first
    from lines
    group by period_month, version
),

reopened as (
    select
        period_month,
        max(reopened_at) as reopened_at
    from closes
    where reopened_at is not null
    group by period_month
),

judged as (
    select
        issued.*,
        issued.newest_first = 1 and coalesce(reopened.reopened_at <= issued.issued_at, true) as is_in_force
    from issued
    left join reopened on issued.period_month = reopened.period_month
),

ends as (
    select {{ month_of(add_months('earlier.period_month', 1)) }} as open_month
    from judged as earlier
    left join judged as later
        on {{ month_of(add_months('earlier.period_month', 1)) }} = later.period_month and later.is_in_force
    where later.period_month is null
),

opened as (
    select
        judged.period_month,
        judged.version,
        min(ends.open_month) as open_month
    from judged
    inner join ends on judged.period_month < ends.open_month
    group by judged.period_month, judged.version
),

joined as (
    select
        judged.period_month,
        judged.version,
        judged.issued_at,
        judged.prepared_by,
        judged.approved_by,
        judged.is_in_force,
        opened.open_month
    from judged
    left join opened on judged.period_month = opened.period_month and judged.version = opened.version
)

select * from joined
