{{ config(materialized='table') }}
{# The rules of a month in each of the environments that have a cost to split in it. The number is the narrow key of the
   rule's driver snapshot. #}
with environments as (
    select distinct
        driver_month as period_month,
        environment
    from {{ ref('int_allocation_sources') }}
),

steps as (
    select * from {{ ref('int_allocation_steps') }}
),

used as (
    select distinct
        environments.period_month,
        environments.environment,
        steps.rule_id,
        steps.method,
        steps.driver,
        steps.scope,
        case when steps.pool like 'api_key:%' then substr(steps.pool, 9) end as api_key_id
    from environments
    inner join steps on environments.period_month = steps.period_month
),

numbered as (
    select
        row_number() over (order by period_month, environment, rule_id, api_key_id) as snapshot_number,
        *
    from used
)

select * from numbered
