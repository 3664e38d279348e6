{{ config(materialized='table') }}
{# The driver snapshot. Calls, tokens, minutes and costs by the month in which they arose; units by their cohort month.
   What has no owner keeps the target null: it counts towards utilisation, never towards a share. A close freezes the
   snapshot: what became known after it moves no share, and what it replaced or priced anew counts as it was. #}
{% set targets = {
    'cost_center': "nullif(cost_center, '__unassigned__')", 'team': 'team', 'tenant': 'tenant_id',
    'application': 'application', 'workflow': 'workflow', 'agent': 'agent_id',
} %}
{% set columns = 'period_month, environment, cost_center, team, tenant_id, application, workflow, agent_id' %}
with closed_months as (
    select distinct period_month from {{ ref('int_knowledge_slots') }}
),

direct_costs as (
    select
        ledger.{{ columns.split(', ') | join(', ledger.') }},
        sum(ledger.cost_usd) as cost,
        sum(ledger.tokens) as tokens,
        sum(ledger.requests) as requests,
        sum(ledger.review_minutes) as review_minutes,
        0 as units,
        0 as successful_units
    from {{ ref('int_direct_costs_monthly') }} as ledger
    left join closed_months on ledger.period_month = closed_months.period_month
    where ledger.known_slot is null and (ledger.source = 'usage' or closed_months.period_month is null)
    group by ledger.{{ columns.split(', ') | join(', ledger.') }}
),

calls_at_close as (
    select
        {{ columns.replace(' cost_center', ' bearing_cost_center as cost_center') }},
        -change_usd as cost,
        -change_tokens as tokens,
        -change_requests as requests,
        0 as review_minutes,
        0 as units,
        0 as successful_units
    from {{ ref('int_usage_price_changes') }}
    where known_slot is null
),

records_at_close as (
    select
        {{ columns }},
        cost_usd as cost,
        0 as tokens,
        0 as requests,
        review_minutes,
        0 as units,
        0 as successful_units
    from {{ ref('int_records_at_close') }}
),

units as (
    select
        cohort_month as {{ columns.replace(' cost_center', ' bearing_cost_center as cost_center') }},
        0 as cost,
        0 as tokens,
        0 as requests,
        0 as review_minutes,
        count(*) as units,
        sum(case when state = 'success' then 1 else 0 end) as successful_units
    from {{ ref('int_units') }}
    where is_attempted and state <> 'cancelled'
    group by {{ columns.replace('period_month', 'cohort_month').replace(' cost_center', ' bearing_cost_center') }}
),

facts as (
    select * from direct_costs
    union all
    select * from calls_at_close
    union all
    select * from records_at_close
    union all
    select * from units
),

{% for target_type, target_id in targets.items() -%}
by_{{ target_type }} as (
    select
        period_month,
        environment,
        '{{ target_type }}' as target_type,
        {{ target_id }} as target_id,
        cast(sum(cost) as decimal(26, 12)) as cost,
        cast(sum(tokens) as decimal(26, 12)) as tokens,
        cast(sum(requests) as decimal(26, 12)) as requests,
        cast(sum(review_minutes) as decimal(26, 12)) as review_minutes,
        cast(sum(units) as decimal(26, 12)) as units,
        cast(sum(successful_units) as decimal(26, 12)) as successful_units
    from facts
    group by period_month, environment, {{ target_id }}
),

{% endfor -%}
measured as (
    {% for target_type in targets -%}
    select * from by_{{ target_type }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from measured
