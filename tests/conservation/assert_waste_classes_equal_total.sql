-- L2: the classes of waste are the whole direct cost, with a unit or without, and what units bear of pools.
with waste as (
    select
        environment,
        sum(cost_usd) as waste_classes_usd
    from {{ ref('rpt_waste') }}
    group by environment
),

direct as (
    select
        environment,
        sum(cost_usd) as direct_cost_usd
    from {{ ref('int_direct_costs_monthly') }}
    group by environment
),

borne as (
    select
        environment,
        sum(allocated_cost_usd) as allocated_cost_usd
    from {{ ref('fct_units') }}
    group by environment
),

compared as (
    select
        coalesce(waste.environment, direct.environment) as environment,
        coalesce(waste.waste_classes_usd, 0) as waste_classes_usd,
        coalesce(direct.direct_cost_usd, 0) + coalesce(borne.allocated_cost_usd, 0) as total_cost_usd
    from waste
    full outer join direct on waste.environment = direct.environment
    left join borne on coalesce(waste.environment, direct.environment) = borne.environment
)

select * from compared
where waste_classes_usd <> total_cost_usd
