{{ config(materialized='table') }}
{# Fields that a feed carries and the contract does not know: allowed, ignored, counted. #}
{% set json_feeds = {
    'ai_usage_events': 'usage_events', 'unit_events': 'unit_events', 'human_reviews': 'human_reviews',
    'metered_costs': 'metered_costs', 'provider_usage': 'provider_usage',
} %}
with seen as (
    {% for feed, entity in json_feeds.items() %}
    select distinct
        '{{ feed }}' as feed,
        unnest({{ json_keys_of('raw_text') }}) as field
    from {{ ref('stg_canonical__' ~ entity ~ '_landed') }}
    where {{ json_is_object('raw_text') }}
    union all
    {% endfor %}
    {% for feed, format in canonical_feeds().items() if format == 'csv' %}{% for field in csv_fields(feed) if field != 'filename' and not modules.re.fullmatch('column[0-9]+', field) %}
    select
        '{{ feed }}' as feed,
        '{{ field | replace("'", "''") }}' as field
    union all
    {% endfor %}{% endfor %}
    {% for model in usage_producer_models('landed') if model != 'stg_azure_llm_trace__requests_landed' %}
    select distinct
        feed,
        unnest({{ json_keys_of(valid_json('raw_text')) }}) as field
    from {{ ref(model) }}
    where {{ json_is_object(valid_json('raw_text')) }}
    union all
    {% endfor %}
    {% for model in report_models('results') %}
    select distinct
        feed,
        unnest({{ json_keys_of('raw_text') }}) as field
    from {{ ref(model) }}
    where is_result and {{ json_is_object('raw_text') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

known as (
    select * from {{ ref('feed_fields') }}
),

unknown as (
    select
        seen.feed,
        count(*) as drift_fields
    from seen
    left join known on seen.feed = known.feed and seen.field = known.field
    where known.field is null
    group by seen.feed
)

select * from unknown
