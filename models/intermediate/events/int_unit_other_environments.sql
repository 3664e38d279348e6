{# Units that live outside production alone, so that a review or charge that names no environment follows its unit. A unit
   known to production as well stays there. #}
with unit_events as (
    select * from {{ ref('int_unit_events') }}
),

units as (
    select
        unit_type,
        unit_id,
        min(case when environment <> 'production' then environment end) as environment
    from unit_events
    group by unit_type, unit_id
    having max(case when environment = 'production' then 1 else 0 end) = 0
)

select * from units
