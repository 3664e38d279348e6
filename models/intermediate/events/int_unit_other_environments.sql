{{ config(materialized='table') }}
{# Units that live outside production alone, so that a review or charge that names no environment follows its unit. A unit
   known to production as well, by a fact or a call, stays there. #}
with named as (
    select unit_type, unit_id, environment from {{ ref('int_unit_events') }} where environment <> 'production'
    union all
    select unit_type, unit_id, environment from {{ ref('int_usage_events') }}
    where environment <> 'production' and unit_type is not null and unit_id is not null
),

units as (
    select
        unit_type,
        unit_id,
        min(environment) as environment
    from named
    group by unit_type, unit_id
),

production as (
    select unit_type, unit_id from {{ ref('int_unit_events') }} where environment = 'production'
    union all
    select unit_type, unit_id from {{ ref('int_usage_events') }} where environment = 'production' and unit_id is not null
),

in_production as (
    select
        units.unit_type,
        units.unit_id
    from production
    inner join units on production.unit_type = units.unit_type and production.unit_id = units.unit_id
    group by units.unit_type, units.unit_id
),

elsewhere as (
    select units.*
    from units
    left join in_production on units.unit_type = in_production.unit_type and units.unit_id = in_production.unit_id
    where in_production.unit_id is null
)

select * from elsewhere
