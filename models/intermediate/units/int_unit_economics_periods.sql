{# The daily cohorts by week and by month: one set of sums from which every ratio is taken last. #}
{% set dimensions = ['period_grain', 'period_start', 'environment', 'application', 'workflow', 'unit_type'] %}
{% set sums = ['attempted_units', 'successful_units', 'failed_units', 'pending_units', 'cancelled_units', 'unpriced_request_count'] %}
{% set costs = ['expected_successful_units', 'total_cost_usd', 'direct_cost_usd', 'allocated_cost_usd', 'successful_cost_usd', 'failed_cost_usd', 'pending_cost_usd', 'cancelled_cost_usd', 'wasted_cost_usd'] %}
with daily as (
    select * from {{ ref('fct_unit_economics_daily') }}
),

dated as (
    select
        'month' as period_grain,
        {{ month_of('cohort_date') }} as period_start,
        *
    from daily
    union all
    select
        'week' as period_grain,
        {{ week_of('cohort_date') }} as period_start,
        *
    from daily
),

summed as (
    select
        {{ dimensions | join(',\n        ') }},
        {% for column in sums -%}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {% endfor -%}
        {% for column in costs -%}
        {{ ledger('sum(' ~ column ~ ')') }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from dated
    group by {{ dimensions | join(', ') }}
)

select * from summed
