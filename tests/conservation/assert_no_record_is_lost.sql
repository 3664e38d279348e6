-- P1: landed = kept + duplicates + quarantined (with what a producer's rules exclude), per feed and file; landed is
-- counted on its own, before any rule.
with landed as (
    {% for feed, model in {
        'ai_usage_events': 'stg_canonical__usage_events_landed', 'unit_events': 'stg_canonical__unit_events',
        'human_reviews': 'stg_canonical__human_reviews', 'metered_costs': 'stg_canonical__metered_costs',
        'provider_usage': 'stg_canonical__provider_usage', 'shared_costs': 'stg_canonical__shared_costs',
        'invoice_lines': 'stg_canonical__invoice_lines', 'tenant_revenue': 'stg_canonical__tenant_revenue',
    }.items() %}
    select
        '{{ feed }}' as feed,
        file_path,
        count(*) as records
    from {{ ref(model) }}
    group by file_path
    union all
    {% endfor %}
    {% for model in usage_producer_models('landed') + report_models('landed') %}
    select
        feed,
        file_path,
        count(*) as records
    from {{ ref(model) }}
    group by feed, file_path
    union all
    {% endfor %}
    {% for model in ['stg_canonical__usage_events_parquet'] + checked_list('extra_usage_event_models') %}
    select
        'ai_usage_events' as feed,
        file_path,
        count(*) as records
    from {{ ref(model) }}
    group by file_path
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

accounted as (
    select
        feed,
        file_path,
        sum(records) as records
    from {{ ref('int_feed_records') }}
    group by feed, file_path
)

select
    landed.feed,
    landed.file_path,
    landed.records as records_landed,
    accounted.records as records_accounted
from landed
full outer join accounted on landed.feed = accounted.feed and landed.file_path = accounted.file_path
where coalesce(landed.records, -1) <> coalesce(accounted.records, -1)
