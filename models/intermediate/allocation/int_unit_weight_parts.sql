{{ config(materialized='table') }}
{# Second stage: what one unit of each weight bears, in pico. Units of equal weight have equal remainders, so that the
   spare steps go to whole rows, and to some units of at most one row a target: `extra_units` of them, by key. #}
with weights as (
    select * from {{ ref('int_unit_weights_by_target') }} where weight > 0
),

amounts as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        sum(allocated_units) as amount_units
    from {{ ref('int_target_costs_by_unit_type') }}
    group by period_month, environment, target_type, target_id, unit_type
),

joined as (
    select
        weights.*,
        amounts.amount_units,
        sum(weights.units * weights.weight) over (
            partition by weights.period_month, weights.environment, weights.target_type, weights.target_id, weights.unit_type
        ) as weight_sum
    from weights
    inner join amounts
        on
            weights.period_month = amounts.period_month
            and weights.environment = amounts.environment
            and weights.target_type = amounts.target_type
            and weights.target_id = amounts.target_id
            and weights.unit_type = amounts.unit_type
),

floored as (
    select
        *,
        {{ split_base('amount_units', 'weight', 'weight_sum') }} as base_units,
        {{ split_rest('amount_units', 'weight', 'weight_sum') }} as rest_units
    from joined
),

ranked as (
    select
        *,
        abs(amount_units) - sum(base_units * units) over (
            partition by period_month, environment, target_type, target_id, unit_type
        ) as spare_units,
        coalesce(sum(units) over (
            partition by period_month, environment, target_type, target_id, unit_type
            order by rest_units desc, weight desc rows between unbounded preceding and 1 preceding
        ), 0) as units_before
    from floored
),

parted as (
    select
        period_month,
        environment,
        target_type,
        target_id,
        unit_type,
        request_count,
        {{ step_sign('amount_units') }} as step,
        {{ step_sign('amount_units') }} * base_units as base_units,
        units as unit_count,
        least(greatest(spare_units - units_before, 0), units) as extra_units
    from ranked
)

select * from parted
