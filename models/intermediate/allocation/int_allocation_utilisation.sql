{# How far reserved capacity was used. What ran on the reserving account counts where that account has calls, else all
   calls of the environment; use above the capacity is flagged and idles nothing.
   A cost without a stated capacity has no utilisation. #}
{% set drivers = ['cost', 'tokens', 'requests', 'review_minutes'] %}
with sources as (
    select * from {{ ref('int_allocation_sources') }} where capacity_quantity > 0
),

idle_steps as (
    select * from {{ ref('int_allocation_steps') }} where method = 'idle'
),

usage as (
    select
        period_month,
        environment,
        billing_account_id,
        sum(cost_usd) as cost,
        sum(tokens) as tokens,
        sum(requests) as requests,
        sum(review_minutes) as review_minutes
    from {{ ref('int_direct_costs_monthly') }}
    group by period_month, environment, billing_account_id
),

joined as (
    select
        sources.source_number,
        idle_steps.step,
        sources.billing_account_id as reserving_account,
        usage.billing_account_id,
        sources.capacity_quantity,
        case idle_steps.driver {% for driver in drivers %}when '{{ driver }}' then usage.{{ driver }} {% endfor %}end as quantity
    from sources
    inner join idle_steps on sources.period_month = idle_steps.period_month and sources.pool = idle_steps.pool
    left join usage on sources.period_month = usage.period_month and sources.environment = usage.environment
),

summed as (
    select
        source_number,
        step,
        capacity_quantity,
        sum(case when reserving_account = billing_account_id then quantity end) as account_quantity,
        coalesce(sum(quantity), 0) as total_quantity
    from joined
    group by source_number, step, capacity_quantity
),

measured as (
    select
        source_number,
        step,
        capacity_quantity,
        cast(coalesce(account_quantity, total_quantity) as decimal(26, 12)) as used_quantity,
        coalesce(account_quantity, total_quantity) > capacity_quantity as is_over_driven
    from summed
)

select * from measured
