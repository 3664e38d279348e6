{# The month's pool by the rule in force and by the one before: on the month's own drivers where the old rule measures,
   else by the shares of the month before, which are the old weights where the old rule declares them. #}
{% set drivers = ['cost', 'tokens', 'requests', 'review_minutes', 'units', 'successful_units'] %}
{% set old_quantity %}case changes.previous_driver {% for driver in drivers %}when '{{ driver }}' then measured.{{ driver }} {% endfor %}end{% endset %}
with changes as (
    select * from {{ ref('int_allocation_rules_replaced') }}
),

sources as (
    select * from {{ ref('int_allocation_sources') }} where source_type = 'shared_cost'
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

borne as (
    select
        sources.driver_month as period_month,
        sources.environment,
        sources.pool,
        borne.cost_center,
        sum(borne.allocated_units) as units
    from {{ ref('int_allocated_costs_borne') }} as borne
    inner join sources on borne.source_number = sources.source_number
    group by sources.driver_month, sources.environment, sources.pool, borne.cost_center
),

measured as (
    select period_month, environment, 'unit' as scope, cost_center, {{ drivers | join(', ') }}
    from {{ ref('int_allocation_unit_drivers') }}
    union all
    select
        drivers.period_month, drivers.environment, drivers.target_type as scope,
        case when drivers.target_type = 'cost_center' then drivers.target_id else coalesce(owners.cost_center, '__unassigned__') end as cost_center,
        {{ drivers | join(', ') }}
    from {{ ref('int_allocation_drivers') }} as drivers
    left join owners on drivers.target_type = owners.owner_type and drivers.target_id = owners.owner_id
    where drivers.target_id is not null and drivers.target_type <> 'tenant'
),

old_weights as (
    select
        changes.period_month, changes.environment, changes.pool, measured.cost_center, 'drivers_of_the_month' as basis,
        {{ pico('sum(' ~ old_quantity ~ ')') }} as raw_weight
    from changes
    inner join measured
        on
            changes.period_month = measured.period_month
            and changes.environment = measured.environment
            and changes.previous_scope = measured.scope
    where changes.previous_driver is not null
    group by changes.period_month, changes.environment, changes.pool, measured.cost_center
    union all
    select
        changes.period_month, changes.environment, changes.pool, borne.cost_center, 'shares_of_the_month_before' as basis,
        abs(borne.units) as raw_weight
    from changes
    inner join borne
        on
            changes.previous_month = borne.period_month
            and changes.environment = borne.environment
            and changes.pool = borne.pool
    where changes.previous_driver is null or changes.previous_scope = 'tenant'
),

totals as (
    select period_month, environment, pool, sum(units) as units
    from borne
    group by period_month, environment, pool
),

scaled as (
    select
        old_weights.*,
        totals.units,
        {{ whole_weight('old_weights.raw_weight', 'max(old_weights.raw_weight) over (partition by old_weights.period_month, old_weights.environment, old_weights.pool)') }} as weight
    from old_weights
    inner join totals
        on
            old_weights.period_month = totals.period_month
            and old_weights.environment = totals.environment
            and old_weights.pool = totals.pool
),

weighed as (
    select
        *,
        sum(weight) over (partition by period_month, environment, pool) as weight_sum
    from scaled
),

{{ split_exactly('weighed', 'period_month, environment, pool', 'cost_center') }},

bearers as (
    select period_month, environment, pool, cost_center from borne
    union
    select period_month, environment, pool, cost_center from split
),

compared as (
    select
        changes.period_month,
        changes.environment,
        changes.pool,
        changes.previous_rule_id,
        changes.rule_id,
        bearers.cost_center,
        {{ pico_to_ledger('coalesce(split.split_units, 0)') }} as amount_by_previous_rule_usd,
        {{ pico_to_ledger('coalesce(borne.units, 0)') }} as amount_usd,
        {{ pico_to_ledger('coalesce(borne.units, 0) - coalesce(split.split_units, 0)') }} as effect_usd,
        case when changes.previous_driver is null or changes.previous_scope = 'tenant' then 'shares_of_the_month_before' else 'drivers_of_the_month' end as basis
    from changes
    inner join bearers on changes.period_month = bearers.period_month and changes.environment = bearers.environment and changes.pool = bearers.pool
    left join split
        on
            bearers.period_month = split.period_month
            and bearers.environment = split.environment
            and bearers.pool = split.pool
            and bearers.cost_center = split.cost_center
    left join borne
        on
            bearers.period_month = borne.period_month
            and bearers.environment = borne.environment
            and bearers.pool = borne.pool
            and bearers.cost_center = borne.cost_center
)

select * from compared
