with unioned as (
    select * from {{ ref('int_usage_events_unioned') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        unioned.source_system,
        {% for column in usage_event_columns() -%}
        unioned.{{ column }},
        {% endfor -%}
        unioned.file_path,
        unioned.landed_row,
        coalesce(unioned.reject_reason, {{ first_reason(time_rules('unioned.occurred_at', 'unioned.ingested_at')) }}) as reject_reason,
        unioned.reject_reasons
    from unioned
    cross join clock
)

select * from judged
