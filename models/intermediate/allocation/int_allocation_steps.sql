{# The waterfall of each pool and month: its rules by priority, and behind each the rules it falls back to. A rule is in
   force for a month when it covers the month's first day. Three fallbacks deep is as far as policy may go. #}
{% set depths = [1, 2, 3] %}
with sources as (
    select * from {{ ref('int_allocation_sources') }}
),

weights as (
    select * from {{ ref('allocation_weights') }}
),

{# A pool that only receives from other pools needs its rules too. #}
pool_months as (
    select
        driver_month as period_month,
        pool
    from sources
    union
    select
        sources.driver_month as period_month,
        weights.target_id as pool
    from sources
    inner join weights on weights.target_type = 'pool'
),

rules as (
    select
        rule_id,
        pool,
        priority,
        method,
        driver,
        coalesce(scope, 'cost_center') as scope,
        fallback_rule_id,
        valid_from,
        coalesce(valid_to, cast('9999-12-31' as date)) as valid_to
    from {{ ref('allocation_rules') }}
),

depth_0 as (
    select
        pool_months.period_month,
        pool_months.pool,
        rules.priority as first_priority,
        0 as depth,
        rules.rule_id,
        rules.method,
        rules.driver,
        rules.scope,
        rules.fallback_rule_id
    from pool_months
    inner join rules
        on
            pool_months.pool = rules.pool
            and pool_months.period_month >= rules.valid_from
            and pool_months.period_month < rules.valid_to
),

{% for depth in depths -%}
depth_{{ depth }} as (
    select
        earlier.period_month,
        earlier.pool,
        earlier.first_priority,
        {{ depth }} as depth,
        rules.rule_id,
        rules.method,
        rules.driver,
        rules.scope,
        rules.fallback_rule_id
    from depth_{{ depth - 1 }} as earlier
    inner join rules
        on
            earlier.fallback_rule_id = rules.rule_id
            and earlier.period_month >= rules.valid_from
            and earlier.period_month < rules.valid_to
),

{% endfor -%}
{# A shared key without a rule keeps what is untraced. #}
unruled_keys as (
    select
        pool_months.period_month,
        pool_months.pool,
        0 as first_priority,
        0 as depth,
        concat('default:', pool_months.pool) as rule_id,
        'keep_unattributed' as method,
        cast(null as {{ dbt.type_string() }}) as driver,
        'cost_center' as scope,
        cast(null as {{ dbt.type_string() }}) as fallback_rule_id
    from pool_months
    left join depth_0 on pool_months.period_month = depth_0.period_month and pool_months.pool = depth_0.pool
    where depth_0.rule_id is null and pool_months.pool like 'api_key:%'
),

listed as (
    select * from depth_0
    {% for depth in depths -%}
    union all
    select * from depth_{{ depth }}
    {% endfor -%}
    union all
    select * from unruled_keys
),

first_listed as (
    select
        *,
        row_number() over (partition by period_month, pool, rule_id order by first_priority, depth) as mention
    from listed
),

ordered as (
    select
        period_month,
        pool,
        rule_id,
        method,
        driver,
        scope,
        first_priority,
        depth,
        row_number() over (partition by period_month, pool order by first_priority, depth, rule_id) as step
    from first_listed
    where mention = 1
)

select * from ordered
