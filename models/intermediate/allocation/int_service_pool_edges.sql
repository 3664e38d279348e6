{{ config(materialized='table') }}
{# What a service pool hands to other pools and to final targets, as shares of 1, by the method of its first rule:
   direct_service ignores other service pools, step_down knows only later ones, reciprocal all. A pool of another kind
   takes its share and splits it by its own rule. Final targets keep what they get. #}
with steps as (
    select * from {{ ref('int_allocation_steps') }} where step = 1
),

weights as (
    select
        rule_id,
        target_type,
        target_id,
        weight,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('allocation_weights') }}
),

outgoing as (
    select
        steps.period_month,
        steps.pool,
        weights.target_type,
        weights.target_id,
        cast(weights.weight as decimal(18, 12)) as weight
    from steps
    inner join weights
        on
            steps.rule_id = weights.rule_id
            and steps.period_month >= weights.valid_from
            and steps.period_month < weights.valid_to
    left join steps as receivers
        on
            weights.target_type = 'pool'
            and weights.target_id = receivers.pool
            and steps.period_month = receivers.period_month
    where
        steps.method in ('direct_service', 'step_down', 'reciprocal')
        and weights.weight > 0
        and (
            weights.target_type <> 'pool'
            or coalesce(receivers.method, 'none') not in ('direct_service', 'step_down', 'reciprocal')
            or (steps.method = 'reciprocal' and weights.target_id <> steps.pool)
            or (steps.method = 'step_down' and receivers.first_priority > steps.first_priority)
        )
),

totalled as (
    select
        *,
        sum(weight) over (partition by period_month, pool) as weight_sum
    from outgoing
),

shared as (
    select
        period_month,
        'pool' as source_type,
        pool as source_id,
        target_type,
        target_id,
        cast({{ money_ratio('weight', 'weight_sum') }} as decimal(18, 12)) as share
    from totalled
),

kept as (
    select distinct
        shared.period_month,
        shared.target_type as source_type,
        shared.target_id as source_id,
        shared.target_type,
        shared.target_id,
        cast(1 as decimal(18, 12)) as share
    from shared
    left join shared as senders
        on
            shared.period_month = senders.period_month
            and shared.target_type = senders.source_type
            and shared.target_id = senders.source_id
    where senders.source_id is null
)

select * from shared
union all
select * from kept
