-- The weights of a fixed, direct or service rule split its pool whole, on the first day of every version of them.
with rules as (
    select * from {{ ref('allocation_rules') }}
    where method in ('fixed', 'direct', 'direct_service', 'step_down', 'reciprocal')
),

weights as (
    select * from {{ ref('allocation_weights') }}
),

days as (
    select
        rule_id,
        valid_from as checked_on
    from rules
    union
    select
        rule_id,
        valid_from as checked_on
    from weights
),

summed as (
    select
        rules.rule_id,
        days.checked_on,
        coalesce(sum(weights.weight), 0) as weight
    from rules
    inner join days
        on
            rules.rule_id = days.rule_id
            and rules.valid_from <= days.checked_on
            and (rules.valid_to is null or rules.valid_to > days.checked_on)
    left join weights
        on
            rules.rule_id = weights.rule_id
            and days.checked_on >= weights.valid_from
            and (weights.valid_to is null or days.checked_on < weights.valid_to)
    group by rules.rule_id, days.checked_on
)

select
    'allocation_weights: the weights of this rule must sum to 1; correct seeds/policy/allocation_weights.csv' as reason,
    rule_id,
    checked_on,
    weight
from summed
where weight <> 1
