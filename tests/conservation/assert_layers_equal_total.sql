-- L2: per environment and cohort month the layers are the direct cost, and direct plus allocated is the total.
with units as (
    select
        environment,
        cohort_month,
        sum({% for layer in cost_layers() %}{{ layer }}_cost_usd{{ ' + ' if not loop.last }}{% endfor %}) as layers_cost_usd,
        sum(direct_cost_usd) as direct_cost_usd,
        sum(allocated_cost_usd) as allocated_cost_usd,
        sum(total_cost_usd) as total_cost_usd
    from {{ ref('fct_units') }}
    group by environment, cohort_month
)

select * from units
where layers_cost_usd <> direct_cost_usd or direct_cost_usd + allocated_cost_usd <> total_cost_usd
