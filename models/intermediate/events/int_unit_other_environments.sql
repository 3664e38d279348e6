{# Units outside production, so that a review or charge that names no environment follows its unit. #}
with unit_events as (
    select * from {{ ref('int_unit_events') }} where environment <> 'production'
),

units as (
    select
        unit_type,
        unit_id,
        min(environment) as environment
    from unit_events
    group by unit_type, unit_id
)

select * from units
