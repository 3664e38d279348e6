{# The cost per success of a month as it was signed at the close, and as it is by all that is known now: of the units that
   began in it, whenever their costs and outcomes came. #}
{% set key = ['period', 'entity', 'environment', 'unit_type', 'workflow'] %}
{% set figures = ['attempted_units', 'final_units', 'successful_units', 'final_cost_usd'] %}
with units as (
    select * from {{ ref('fct_units') }} where is_attempted
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

closes as (
    select * from {{ ref('rpt_period_close') }}
),

snapshots as (
    select * from {{ ref('period_unit_snapshots') }}
),

known_now as (
    select
        {{ period_of('units.cohort_month') }} as period,
        coalesce(cost_centers.entity, 'default') as entity,
        units.environment,
        units.unit_type,
        coalesce(units.workflow, '__none__') as workflow,
        sum(case when units.state <> 'cancelled' then 1 else 0 end) as attempted_units,
        sum(case when units.state in ('success', 'failed') then 1 else 0 end) as final_units,
        sum(case when units.state = 'success' then 1 else 0 end) as successful_units,
        sum(case when units.state <> 'pending' then units.total_cost_usd else 0 end) as final_cost_usd
    from units
    left join cost_centers on units.cost_center = cost_centers.cost_center
    group by 1, 2, 3, 4, 5
),

{# Only the close that holds now counts: a month that was reopened is not reported until it is closed again. #}
reported as (
    select snapshots.*
    from snapshots
    inner join closes
        on
            snapshots.period = closes.period
            and snapshots.entity = closes.entity
            and snapshots.close_version = closes.close_version
            and closes.status = 'closed'
),

compared as (
    select
        {% for column in key -%}
        coalesce(known_now.{{ column }}, reported.{{ column }}) as {{ column }},
        {% endfor -%}
        reported.close_version,
        {% for figure in figures -%}
        reported.{{ figure }} as as_reported_{{ figure }},
        coalesce(known_now.{{ figure }}, 0) as as_restated_{{ figure }}{{ ',' if not loop.last }}
        {% endfor %}
    from known_now
    full outer join reported
        on
            {% for column in key -%}
            known_now.{{ column }} = reported.{{ column }}{{ ' and ' if not loop.last }}
            {%- endfor %}
),

typed as (
    select
        {{ key | join(',\n        ') }},
        {{ month_of_period('period') }} as period_month,
        cast(close_version as integer) as close_version,
        {% for view in ['as_reported', 'as_restated'] -%}
        {% for figure in figures -%}
        cast({{ view }}_{{ figure }} as {{ 'decimal(38, 12)' if figure.endswith('usd') else 'bigint' }}) as {{ view }}_{{ figure }},
        {% endfor -%}
        {{ money_ratio(view ~ '_final_cost_usd', view ~ '_successful_units') }} as {{ view }}_cost_per_successful_unit_usd{{ ',' if not loop.last }}
        {% endfor %}
    from compared
)

select * from typed
