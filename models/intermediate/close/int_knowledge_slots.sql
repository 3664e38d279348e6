{{ config(materialized='table') }}
{# When something is known matters only from the first close of its month on: from there, by the stretch between two
   closes or reopenings of any period. What was known before lies in no slot. #}
with closes as (
    select * from {{ ref('int_period_closes') }}
),

instants as (
    select closed_at as known_from from closes
    union
    select reopened_at as known_from from closes where reopened_at is not null
),

stretches as (
    select
        known_from,
        lead(known_from) over (order by known_from) as known_to
    from instants
),

months as (
    select
        period_month,
        min(closed_at) as first_closed_at
    from closes
    group by period_month
),

slots as (
    select
        months.period_month,
        stretches.known_from as known_slot,
        stretches.known_from,
        coalesce(stretches.known_to, cast('9999-12-31' as timestamp)) as known_to
    from months
    inner join stretches on months.first_closed_at <= stretches.known_from
)

select * from slots
