-- L1: every direct cost is with a unit or unattributed, per environment, in the reporting currency, to the pico.
with direct as (
    select
        environment,
        sum(cost_usd) as cost_usd
    from {{ ref('int_direct_costs_monthly') }}
    group by environment
),

units as (
    select
        environment,
        sum(direct_cost_usd) as cost_usd
    from {{ ref('fct_units') }}
    group by environment
),

unattributed_usage as (
    select
        environment,
        sum(cost_micros_usd) * 0.000001 as cost_usd
    from {{ ref('int_unit_call_costs') }}
    where unit_id is null
    group by environment
),

unattributed_charges as (
    select
        environment,
        sum(cost_micros_usd) * 0.000001 as cost_usd
    from {{ ref('int_metered_costs_attributed') }}
    where unit_id is null or unit_type is null
    group by environment
),

compared as (
    select
        direct.environment,
        direct.cost_usd as events_cost_usd,
        coalesce(units.cost_usd, 0) as units_cost_usd,
        coalesce(unattributed_usage.cost_usd, 0) + coalesce(unattributed_charges.cost_usd, 0) as unattributed_cost_usd
    from direct
    left join units on direct.environment = units.environment
    left join unattributed_usage on direct.environment = unattributed_usage.environment
    left join unattributed_charges on direct.environment = unattributed_charges.environment
)

select * from compared
where events_cost_usd <> units_cost_usd + unattributed_cost_usd
