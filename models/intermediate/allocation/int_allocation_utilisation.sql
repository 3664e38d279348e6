{# How far reserved capacity was used. What ran on the reserving account counts where that account has calls, else
   everything in the environment; use above the capacity is flagged and idles nothing. A cost without a stated capacity
   has no utilisation. #}
{% set account_drivers = ['cost', 'tokens', 'requests'] %}
{% set drivers = account_drivers + ['review_minutes', 'units', 'successful_units'] %}
with sources as (
    select
        *,
        capacity_quantity * {{ quantity_factor('capacity_unit') }} as capacity
    from {{ ref('int_allocation_sources') }}
    where capacity_quantity > 0
),

idle_steps as (
    select * from {{ ref('int_allocation_steps') }} where method = 'idle' and driver <> 'seats'
),

account_usage as (
    select
        period_month,
        environment,
        billing_account_id,
        sum(cost_usd) as cost,
        sum(tokens) as tokens,
        sum(requests) as requests
    from {{ ref('int_direct_costs_monthly') }}
    group by period_month, environment, billing_account_id
),

usage as (
    select
        period_month,
        environment,
        {% for driver in drivers -%}
        sum({{ driver }}) as {{ driver }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_allocation_drivers') }}
    where target_type = 'cost_center'
    group by period_month, environment
),

joined as (
    select
        sources.source_number,
        idle_steps.step,
        cast(sources.capacity as decimal(26, 12)) as capacity_quantity,
        cast(
            coalesce(
                case idle_steps.driver {% for driver in account_drivers %}when '{{ driver }}' then account_usage.{{ driver }} {% endfor %}end,
                case idle_steps.driver {% for driver in drivers %}when '{{ driver }}' then usage.{{ driver }} {% endfor %}end,
                0
            ) as decimal(26, 12)
        ) as used_quantity
    from sources
    inner join idle_steps on sources.driver_month = idle_steps.period_month and sources.pool = idle_steps.pool
    left join account_usage
        on
            sources.driver_month = account_usage.period_month
            and sources.environment = account_usage.environment
            and sources.billing_account_id = account_usage.billing_account_id
    left join usage on sources.driver_month = usage.period_month and sources.environment = usage.environment
),

measured as (
    select
        *,
        used_quantity > capacity_quantity as is_over_driven
    from joined
)

select * from measured
