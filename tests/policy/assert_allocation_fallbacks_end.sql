-- A chain of fallback rules ends after a few steps: a circle would leave a pool without an answer.
{% set steps = 4 %}
with links as (
    select
        rule_id,
        fallback_rule_id
    from {{ ref('allocation_rules') }}
    where fallback_rule_id is not null
),

{% for step in range(1, steps + 1) -%}
{% set before = 'links' if loop.first else 'step_' ~ (step - 1) -%}
step_{{ step }} as (
    select
        earlier.rule_id,
        later.fallback_rule_id
    from {{ before }} as earlier
    inner join links as later on earlier.fallback_rule_id = later.rule_id
),

{% endfor -%}
endless as (
    select distinct rule_id from step_{{ steps }}
)

select
    'fallback_circle: this rule does not end in its fallbacks; correct seeds/policy/allocation_rules.csv' as reason,
    rule_id
from endless
