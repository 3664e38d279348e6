{% set models = ['stg_canonical__usage_events', 'stg_canonical__usage_events_parquet'] + usage_producer_models() + checked_list('extra_usage_event_models') %}
with unioned as (
    {% for model in models %}
    select
        source_system,
        {{ usage_event_columns() | join(',\n        ') }},
        file_path,
        landed_row,
        reject_reason,
        reject_reasons
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unioned
