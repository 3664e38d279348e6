{# Pools whose rule differs from that of the month before, with the old rule; or whose declared weights do. #}
{% set declared = "method in ('direct', 'even', 'fixed', 'direct_service', 'step_down', 'reciprocal') or driver = 'seats'" %}
with sources as (
    select * from {{ ref('int_allocation_sources') }} where source_type = 'shared_cost'
),

choices as (
    select * from {{ ref('int_allocation_choices') }}
),

rules as (
    select * from {{ ref('allocation_rules') }}
),

weights as (
    select * from {{ ref('allocation_weights') }}
),

used as (
    select
        sources.driver_month as period_month,
        sources.environment,
        sources.pool,
        max(choices.rule_id) as rule_id,
        max(choices.method) as method,
        max(choices.driver) as driver
    from sources
    inner join choices on sources.source_number = choices.source_number
    group by sources.driver_month, sources.environment, sources.pool
),

{# The newest day on which a weight of the rule began or ended, up to the month. #}
dated as (
    select
        used.*,
        case when {{ declared }} then max(
            greatest(
                weights.valid_from,
                case when weights.valid_to <= used.period_month then weights.valid_to else weights.valid_from end
            )
        ) end as weights_from,
        {{ declared }} as is_declared
    from used
    left join weights on used.rule_id = weights.rule_id and weights.valid_from <= used.period_month
    group by used.period_month, used.environment, used.pool, used.rule_id, used.method, used.driver
),

paired as (
    select
        dated.*,
        lag(period_month) over (partition by environment, pool order by period_month) as previous_month,
        lag(rule_id) over (partition by environment, pool order by period_month) as previous_rule_id,
        lag(driver) over (partition by environment, pool order by period_month) as previous_driver,
        lag(is_declared) over (partition by environment, pool order by period_month) as is_previous_declared,
        lag(weights_from) over (partition by environment, pool order by period_month) as previous_weights_from
    from dated
),

replaced as (
    select
        paired.period_month,
        paired.environment,
        paired.pool,
        paired.rule_id,
        paired.previous_month,
        paired.previous_rule_id,
        case when not paired.is_previous_declared then paired.previous_driver end as previous_driver,
        coalesce(rules.scope, 'cost_center') as previous_scope
    from paired
    left join rules on paired.previous_rule_id = rules.rule_id and rules.valid_from <= paired.previous_month
        and coalesce(rules.valid_to, cast('9999-12-31' as date)) > paired.previous_month
    where
        paired.previous_month is not null
        and (
            coalesce(paired.rule_id, '') <> coalesce(paired.previous_rule_id, '')
            or coalesce(paired.weights_from <> paired.previous_weights_from, false)
        )
)

select * from replaced
