{# Pools lie on the units of their month by the pool's layer. What settled units bear of them is known in all and is laid on
   the layers in proportion, cumulatively, so that the layers' costs per success add up to the one of record. #}
with units as (
    select * from {{ ref('fct_units') }} where is_attempted
),

shared as (
    select * from {{ ref('int_unit_type_allocated_costs') }}
),

sums as (
    select
        cohort_month as period_month,
        environment,
        unit_type,
        cast(sum(case when state <> 'cancelled' then 1 else 0 end) as bigint) as units,
        cast(sum(case when state = 'success' then 1 else 0 end) as bigint) as successful_units,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as total_allocated_cost_usd,
        {{ ledger('coalesce(sum(case when is_final then allocated_cost_usd end), 0)') }} as final_allocated_cost_usd,
        {% for layer in cost_layers() -%}
        {{ ledger('sum(' ~ layer ~ '_cost_usd)') }} as {{ layer }}_cost_usd,
        {{ ledger('coalesce(sum(case when is_final then ' ~ layer ~ '_cost_usd end), 0)') }} as final_{{ layer }}_cost_usd{{ ',' if not loop.last }}
        {% endfor %}
    from units
    group by cohort_month, environment, unit_type
),

layered as (
    {% for layer in cost_layers() %}
    select
        period_month,
        environment,
        unit_type,
        '{{ layer }}' as layer,
        {{ loop.index }} as layer_order,
        {{ layer }}_cost_usd as direct_cost_usd,
        final_{{ layer }}_cost_usd as final_direct_cost_usd,
        units,
        successful_units,
        total_cost_usd,
        total_allocated_cost_usd,
        final_allocated_cost_usd
    from sums
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stacked as (
    select
        layered.*,
        {{ ledger('coalesce(shared.allocated_cost_usd, 0)') }} as allocated_cost_usd,
        {{ ledger('layered.direct_cost_usd + coalesce(shared.allocated_cost_usd, 0)') }} as cost_usd,
        coalesce({{ money_ratio('layered.final_allocated_cost_usd', 'layered.total_allocated_cost_usd') }}, 0) as final_share,
        sum(coalesce(shared.allocated_cost_usd, 0)) over (
            partition by layered.period_month, layered.environment, layered.unit_type
            order by layered.layer_order rows between unbounded preceding and current row
        ) as cumulative_cost_usd
    from layered
    left join shared
        on
            layered.period_month = shared.period_month
            and layered.environment = shared.environment
            and layered.unit_type = shared.unit_type
            and layered.layer = shared.layer
),

cumulated as (
    select
        *,
        case
            when layer_order = {{ cost_layers() | length }} then final_allocated_cost_usd
            else {{ ledger('cast(cumulative_cost_usd as decimal(22, 12)) * cast(final_share as decimal(16, 12))') }}
        end as cumulative_final_cost_usd
    from stacked
),

settled as (
    select
        *,
        {{ ledger(
            'final_direct_cost_usd + cumulative_final_cost_usd'
            ~ ' - lag(cumulative_final_cost_usd, 1, 0) over (partition by period_month, environment, unit_type order by layer_order)'
        ) }} as final_cost_usd
    from cumulated
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
        final_cost_usd,
        units,
        successful_units,
        {{ money_ratio('final_cost_usd', 'successful_units') }} as cost_per_successful_unit_usd,
        total_cost_usd,
        {{ money_ratio('cost_usd', 'total_cost_usd') }} as share,
        layer in ('model_api', 'embedding') as is_visible
    from settled
)

select * from shared_out
