{{ config(materialized='table') }}
{% set landed = {
    'ai_usage_events': 'stg_canonical__usage_events_landed', 'unit_events': 'stg_canonical__unit_events_landed',
    'human_reviews': 'stg_canonical__human_reviews_landed', 'metered_costs': 'stg_canonical__metered_costs_landed',
    'provider_usage': 'stg_canonical__provider_usage_landed',
} %}
with texts as (
    {% for feed, model in landed.items() %}
    {{ malformed_texts(feed, ref(model)) }}
    union all
    {% endfor %}
    {% for feed, producer in usage_producers().items() %}
    {{ malformed_texts(feed, ref(producer.landed), "feed = '" ~ feed ~ "'") }}
    union all
    {% endfor %}
    {% for feed, report in report_feeds().items() if report.format == 'pages' %}
    {{ malformed_texts(feed, ref(report.landed), "feed = '" ~ feed ~ "'") }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbered as (
    select
        *,
        row_number() over (partition by feed, file_path order by line_text) as line_number
    from texts
)

select * from numbered
