{# What calls and charges cost lies with the value under which it arose; the unit's count and all other cost with its leading value.
   So every dimension sums to the whole. Summed before it is spread over the dimensions: a unit is read once. #}
{% set call_dimensions = {'model': 'model', 'prompt_version': 'prompt_version', 'step': 'step', 'agent': 'agent_id'} %}
{% set unit_dimensions = {'tenant': 'tenant_id', 'team': 'team'} %}
{% set grain = ['cohort_month', 'cohort_week', 'environment', 'application', 'workflow', 'unit_type', 'state'] %}
with units as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        application,
        workflow,
        cohort_month,
        {{ week_of('cohort_date') }} as cohort_week,
        state,
        tenant_id,
        team,
        total_cost_usd,
        allocated_cost_usd
    from {{ ref('fct_units') }}
    where is_attempted
),

leading_values as (
    select * from {{ ref('int_unit_leading_values') }}
),

{# What a charge does not tell, its unit does. #}
told as (
    select environment, unit_type, unit_id, episode_number, {{ call_dimensions.values() | join(', ') }}, cost_micros_usd
    from {{ ref('int_unit_call_costs') }}
    union all
    select
        charges.environment, charges.unit_type, charges.unit_id, charges.episode_number, leading_values.model,
        leading_values.prompt_version, coalesce(charges.step, leading_values.step) as step,
        coalesce(charges.agent_id, leading_values.agent) as agent_id, charges.cost_micros_usd
    from {{ ref('int_unit_charge_costs') }} as charges
    inner join leading_values
        on
            charges.environment = leading_values.environment
            and charges.unit_type = leading_values.unit_type
            and charges.unit_id = leading_values.unit_id
            and charges.episode_number = leading_values.episode_number
),

by_told as (
    select
        {% for column in grain -%}
        units.{{ column }},
        {% endfor -%}
        {% for dimension, column in call_dimensions.items() -%}
        told.{{ column }}{{ ' as ' ~ dimension if dimension != column }},
        {% endfor -%}
        0 as counted_units,
        {{ micros_to_ledger('coalesce(sum(told.cost_micros_usd), 0)') }} as cost_usd,
        cast(0 as decimal(38, 12)) as allocated_cost_usd
    from told
    inner join units
        on
            told.environment = units.environment
            and told.unit_type = units.unit_type
            and told.unit_id = units.unit_id
            and told.episode_number = units.episode_number
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
),

by_leading_value as (
    select
        {% for column in grain -%}
        units.{{ column }},
        {% endfor -%}
        {% for dimension in call_dimensions -%}
        leading_values.{{ dimension }},
        {% endfor -%}
        cast(count(*) as bigint) as counted_units,
        {{ ledger('sum(units.total_cost_usd) - ' ~ micros_to_ledger('coalesce(sum(leading_values.told_micros), 0)')) }} as cost_usd,
        {{ ledger('sum(units.allocated_cost_usd)') }} as allocated_cost_usd
    from units
    left join leading_values
        on
            units.environment = leading_values.environment
            and units.unit_type = leading_values.unit_type
            and units.unit_id = leading_values.unit_id
            and units.episode_number = leading_values.episode_number
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
),

by_values as (
    select * from by_told
    union all
    select * from by_leading_value
),

by_unit as (
    select
        {{ grain | join(',\n        ') }},
        tenant_id as tenant,
        team,
        cast(count(*) as bigint) as counted_units,
        {{ ledger('sum(total_cost_usd)') }} as cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd
    from units
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
),

spread as (
    {% for dimension in call_dimensions.keys() | list + unit_dimensions.keys() | list %}
    select
        {{ grain | join(',\n        ') }},
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, '__none__') as dimension_value,
        counted_units,
        cost_usd,
        allocated_cost_usd
    from {{ 'by_values' if dimension in call_dimensions else 'by_unit' }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from spread
