{{ config(materialized='table') }}
{# Which rules a month and environment may need: those of its pools, and those of the pools that these hand on to.
   The number is the narrow key of the rule's driver snapshot. #}
with sources as (
    select distinct
        driver_month as period_month,
        environment,
        pool
    from {{ ref('int_allocation_sources') }}
),

steps as (
    select * from {{ ref('int_allocation_steps') }}
),

received as (
    select
        period_month,
        pool,
        target_id
    from {{ ref('int_service_pool_shares') }}
    where target_type = 'pool'
),

reached as (
    select * from sources
    union
    select
        sources.period_month,
        sources.environment,
        received.target_id as pool
    from sources
    inner join received on sources.period_month = received.period_month and sources.pool = received.pool
),

used as (
    select distinct
        reached.period_month,
        reached.environment,
        steps.rule_id,
        steps.method,
        steps.driver,
        steps.scope,
        case when reached.pool like 'api_key:%' then substr(reached.pool, 9) end as api_key_id
    from reached
    inner join steps on reached.period_month = steps.period_month and reached.pool = steps.pool
),

numbered as (
    select
        row_number() over (order by period_month, environment, rule_id, api_key_id) as snapshot_number,
        *
    from used
)

select * from numbered
