{{ config(materialized='table') }}
{# The waterfall at work: each source takes the first of its rules that has someone to bear it. An idle rule before that
   keeps its part first. A source without such a rule keeps no snapshot and stays unallocated. #}
with sources as (
    select * from {{ ref('int_allocation_sources') }}
),

steps as (
    select * from {{ ref('int_allocation_steps') }}
),

rules_used as (
    select * from {{ ref('int_allocation_rules_used') }}
),

snapshots as (
    select
        snapshot_number,
        max(case when is_declared then 1 else 0 end) = 1 as is_declared,
        sum(quantity) as quantity_sum,
        sum(weight) as weight_sum
    from {{ ref('int_allocation_snapshots') }}
    group by snapshot_number
),

utilisation as (
    select * from {{ ref('int_allocation_utilisation') }}
),

candidates as (
    select
        sources.source_number,
        steps.step,
        steps.rule_id,
        steps.method,
        steps.driver,
        snapshots.snapshot_number,
        snapshots.is_declared,
        snapshots.quantity_sum,
        snapshots.weight_sum,
        row_number() over (
            partition by sources.source_number, steps.method = 'idle', snapshots.snapshot_number is null order by steps.step
        ) as turn
    from sources
    inner join steps on sources.driver_month = steps.period_month and sources.pool = steps.pool
    inner join rules_used
        on
            sources.driver_month = rules_used.period_month
            and sources.environment = rules_used.environment
            and steps.rule_id = rules_used.rule_id
            and (rules_used.api_key_id is null or sources.pool = concat('api_key:', rules_used.api_key_id))
    {# What is kept unattributed has no bearer; more traced than billed is scaled down whatever the mode. #}
    left join snapshots
        on
            rules_used.snapshot_number = snapshots.snapshot_number
            and (steps.method <> 'keep_unattributed' or sources.amount_usd_pico < 0)
),

chosen as (
    select * from candidates where turn = 1 and snapshot_number is not null
),

kept as (
    select * from candidates where turn = 1 and method = 'keep_unattributed' and snapshot_number is null
),

idle as (
    select
        candidates.source_number,
        candidates.step,
        candidates.rule_id,
        candidates.driver,
        utilisation.capacity_quantity,
        utilisation.used_quantity,
        utilisation.is_over_driven,
        {{ whole_weight(pico('utilisation.capacity_quantity'), pico('utilisation.capacity_quantity')) }} as capacity_weight,
        {{ whole_weight(pico('least(utilisation.used_quantity, utilisation.capacity_quantity)'), pico('utilisation.capacity_quantity')) }} as used_weight
    from candidates
    left join utilisation
        on candidates.source_number = utilisation.source_number and candidates.step = utilisation.step
    where candidates.turn = 1 and candidates.method = 'idle'
),

joined as (
    select
        sources.source_number,
        sources.amount_usd_pico as units,
        chosen.snapshot_number,
        chosen.rule_id,
        chosen.method,
        case when chosen.method in ('gross_up', 'keep_unattributed') and not chosen.is_declared then 'cost' else chosen.driver end as driver,
        chosen.quantity_sum,
        chosen.weight_sum,
        case
            when chosen.rule_id is null then 'none'
            when chosen.method = 'direct' then 'high'
            when chosen.is_declared then 'low'
            when chosen.method in ('gross_up', 'keep_unattributed') or chosen.step = 1 then 'medium'
            else 'low'
        end as confidence,
        idle.rule_id as idle_rule_id,
        idle.driver as idle_driver,
        idle.capacity_quantity,
        idle.used_quantity,
        case
            when idle.is_over_driven then 'over_driven'
            when sources.source_type = 'api_key' and sources.amount_usd_pico < 0 then 'over_attributed'
        end as flag,
        kept.rule_id as kept_rule_id,
        coalesce({{ int_div('2 * abs(sources.amount_usd_pico) * (idle.capacity_weight - idle.used_weight) + idle.capacity_weight', '2 * idle.capacity_weight') }}, 0) as idle_steps
    from sources
    left join chosen on sources.source_number = chosen.source_number
    left join kept on sources.source_number = kept.source_number
    left join idle on sources.source_number = idle.source_number and idle.step < coalesce(chosen.step, 1000)
),

divided as (
    select
        *,
        {{ step_sign('units') }} * idle_steps as idle_units,
        units - {{ step_sign('units') }} * idle_steps as rest_units
    from joined
)

select * from divided
