with units as (
    select * from {{ ref('fct_unit_economics_daily') }}
),

shared as (
    select * from {{ ref('int_unit_type_allocated_costs') }}
),

volumes as (
    select
        {{ month_of('cohort_date') }} as period_month,
        environment,
        unit_type,
        cast(sum(attempted_units) as bigint) as units,
        cast(sum(successful_units) as bigint) as successful_units,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd
    from units
    group by 1, 2, 3
),

direct as (
    {% for layer in cost_layers() %}
    select
        {{ month_of('cohort_date') }} as period_month,
        environment,
        unit_type,
        '{{ layer }}' as layer,
        {{ loop.index }} as layer_order,
        {{ ledger('sum(' ~ layer ~ '_cost_usd)') }} as direct_cost_usd
    from units
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stacked as (
    select
        direct.period_month,
        direct.environment,
        direct.unit_type,
        direct.layer,
        direct.layer_order,
        direct.direct_cost_usd,
        {{ ledger('coalesce(shared.allocated_cost_usd, 0)') }} as allocated_cost_usd,
        {{ ledger('direct.direct_cost_usd + coalesce(shared.allocated_cost_usd, 0)') }} as cost_usd,
        volumes.units,
        volumes.successful_units,
        volumes.total_cost_usd
    from direct
    inner join volumes
        on
            direct.period_month = volumes.period_month
            and direct.environment = volumes.environment
            and direct.unit_type = volumes.unit_type
    left join shared
        on
            direct.period_month = shared.period_month
            and direct.environment = shared.environment
            and direct.unit_type = shared.unit_type
            and direct.layer = shared.layer
),

shared_out as (
    select
        period_month,
        environment,
        unit_type,
        layer,
        layer_order,
        direct_cost_usd,
        allocated_cost_usd,
        cost_usd,
        units,
        successful_units,
        {{ money_ratio('cost_usd', 'successful_units') }} as cost_per_successful_unit_usd,
        total_cost_usd,
        {{ money_ratio('cost_usd', 'total_cost_usd') }} as share,
        layer in ('model_api', 'embedding') as is_visible
    from stacked
)

select * from shared_out
