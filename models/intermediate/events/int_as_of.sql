{{ config(materialized='table') }}
{# The only place that reads the clock, and only where the setting as_of is not given. #}
with usage_events as (
    select
        max(case when occurred_at <= {{ run_start() }} then occurred_at end) as newest_occurred_at,
        max(case when ingested_at <= {{ run_start() }} then ingested_at end) as newest_ingested_at
    from {{ ref('int_usage_events_unioned') }}
    where reject_reason is null
),

record_times as (
    select newest_occurred_at as record_at from usage_events
    union all
    select newest_ingested_at as record_at from usage_events
    {% for model, columns in {
        'stg_canonical__unit_events': ['occurred_at', 'ingested_at'],
        'stg_canonical__human_reviews': ['started_at', 'ended_at', 'ingested_at'],
        'stg_canonical__metered_costs': ['occurred_at', 'ingested_at'],
        'int_provider_usage_unioned': ['ingested_at'],
        'stg_canonical__shared_costs': ['ingested_at'],
        'int_invoice_lines_unioned': ['cast(issued_on as timestamp)', 'ingested_at'],
    }.items() %}{% for column in columns %}
    union all
    select {{ column }} as record_at from {{ ref(model) }} where reject_reason is null
    {% endfor %}{% endfor %}
),

newest as (
    select max(record_at) as newest_record_at
    from record_times
    where record_at <= {{ run_start() }}
),

settled as (
    select
        {% if checked_var('as_of') is none -%}
        coalesce(newest_record_at, {{ run_start() }}) as as_of
        {%- else -%}
        cast('{{ checked_var('as_of') | replace('Z', '') }}' as timestamp) as as_of
        {%- endif %}
    from newest
),

bounded as (
    select
        as_of,
        {{ add_seconds('as_of', checked_var('clock_skew_seconds')) }} as latest_accepted_at
    from settled
)

select * from bounded
