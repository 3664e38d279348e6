{# The values of each dimension that an episode used, with the call cost that arose there. The first in rank carries the
   unit's count and all cost that no call caused (review, tools, pools); so every breakdown sums to the whole. #}
{% set call_dimensions = {'model': 'model', 'prompt_version': 'prompt_version', 'step': 'step', 'agent': 'agent_id'} %}
{% set unit_dimensions = {'tenant': 'tenant_id', 'team': 'team'} %}
with call_costs as (
    select * from {{ ref('int_unit_call_costs') }}
),

units as (
    select * from {{ ref('fct_units') }} where is_attempted
),

used as (
    {% for dimension, column in call_dimensions.items() %}
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        '{{ dimension }}' as dimension,
        {{ column }} as dimension_value,
        {{ micros_to_ledger('coalesce(sum(cost_micros_usd), 0)') }} as call_cost_usd
    from call_costs
    group by environment, unit_type, unit_id, episode_number, {{ column }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by environment, unit_type, unit_id, episode_number, dimension
            order by call_cost_usd desc, dimension_value nulls last
        ) as value_rank,
        sum(call_cost_usd) over (
            partition by environment, unit_type, unit_id, episode_number, dimension
        ) as unit_call_cost_usd
    from used
),

dimensions as (
    {% for dimension in call_dimensions %}
    select '{{ dimension }}' as dimension
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_call as (
    select
        units.environment,
        units.unit_type,
        units.unit_id,
        units.episode_number,
        units.application,
        units.workflow,
        units.cohort_date,
        units.state,
        dimensions.dimension,
        ranked.dimension_value,
        coalesce(ranked.value_rank, 1) = 1 as is_counted,
        {{ ledger('coalesce(ranked.call_cost_usd, 0) + case when coalesce(ranked.value_rank, 1) = 1 then units.total_cost_usd - coalesce(ranked.unit_call_cost_usd, 0) else 0 end') }} as cost_usd,
        case when coalesce(ranked.value_rank, 1) = 1 then units.allocated_cost_usd else 0 end as allocated_cost_usd
    from units
    cross join dimensions
    left join ranked
        on
            units.environment = ranked.environment
            and units.unit_type = ranked.unit_type
            and units.unit_id = ranked.unit_id
            and units.episode_number = ranked.episode_number
            and dimensions.dimension = ranked.dimension
),

by_unit as (
    {% for dimension, column in unit_dimensions.items() %}
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        application,
        workflow,
        cohort_date,
        state,
        '{{ dimension }}' as dimension,
        {{ column }} as dimension_value,
        true as is_counted,
        total_cost_usd as cost_usd,
        allocated_cost_usd
    from units
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from by_call
union all
select * from by_unit
