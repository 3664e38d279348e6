{{ config(materialized='table') }}
{% set texts = {
    'request_id': 'request_id', 'timestamp_text': 'timestamp_utc', 'ingested_text': 'ingested_at',
    'environment': 'environment', 'application': 'application', 'workflow': 'workflow', 'step': 'step',
    'agent_id': 'agent_id', 'tenant_id': 'tenant_id', 'team': 'team', 'cost_center': 'cost_center',
    'provider': 'provider', 'billing_account_id': 'billing_account_id', 'api_key_id': 'api_key_id',
    'endpoint': 'endpoint', 'service_tier': 'service_tier', 'reported_model': 'model_or_deployment',
    'prompt_version': 'prompt_version', 'status': 'status', 'layer': 'layer',
    'fallback_text': 'routing.fallback_used', 'retry_of_request_id': 'routing.retry_of_request_id',
    'unit_type': 'business_unit.unit_type', 'unit_id': 'business_unit.unit_id', 'trace_id': 'trace_id',
    'session_id': 'session_id', 'span_id': 'span_id', 'reported_amount_text': 'cost_estimate.amount',
    'reported_cost_currency': 'cost_estimate.currency',
} %}
{% set values = {
    'request_id_json': 'request_id', 'input_text': 'usage.input_tokens', 'cache_read_text': 'usage.cached_input_tokens',
    'cache_write_5m_text': 'usage.cache_write_5m_tokens', 'cache_write_1h_text': 'usage.cache_write_1h_tokens',
    'cache_write_unknown_text': 'usage.cache_write_unknown_tokens', 'output_text': 'usage.output_tokens',
    'reasoning_text': 'usage.reasoning_tokens', 'unclassified_text': 'usage.unclassified_tokens',
    'total_text': 'usage.total_tokens', 'requests_text': 'usage.requests', 'web_searches_text': 'usage.web_searches',
    'attempt_text': 'routing.attempt_number', 'whole_usage': 'usage', 'unit_shares': 'business_units',
} %}
with landed as (
    select * from {{ ref('stg_canonical__usage_events_landed') }}
),

extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(texts)) }} as texts,
        {{ json_values('raw_text', json_paths(values)) }} as json_parts
    from landed
),

named as (
    select
        {{ named_items('texts', texts) }}
        {{ named_values('json_parts', values) }}
        {{ json_is_object('raw_text') }} as is_object,
        raw_text is null as is_malformed,
        length(raw_text) > {{ line_cap() }} as is_too_long,
        {{ contains_pattern('raw_text', '_tokens" *: *-0 *[,}]') }} as has_negative_zero,
        file_path,
        landed_row
    from extracted
),

typed as (
    select
        *,
        {{ as_instant('timestamp_text') }} as occurred_at,
        {{ as_instant('ingested_text') }} as ingested_at,
        {{ as_count('input_text') }} as input_tokens,
        {{ as_count('cache_read_text') }} as cache_read_tokens,
        {{ as_count('cache_write_5m_text') }} as cache_write_5m_tokens,
        {{ as_count('cache_write_1h_text') }} as cache_write_1h_tokens,
        {{ as_count('cache_write_unknown_text') }} as cache_write_unknown_tokens,
        {{ as_count('output_text') }} as output_tokens,
        {{ as_count('reasoning_text') }} as reasoning_tokens,
        {{ as_count('unclassified_text') }} as unclassified_tokens,
        coalesce({{ as_count('requests_text') }}, 1) as requests,
        {{ as_count('web_searches_text') }} as web_searches,
        {{ as_count('attempt_text') }} as attempt_number,
        fallback_text = 'true' as is_fallback,
        {{ as_amount('reported_amount_text') }} as reported_cost_amount,
        case when {{ json_has_other_keys('whole_usage', known_usage_keys()) }} then whole_usage end as usage_json
    from named
),

judged as (
    select
        'canonical' as source_system,
        {{ usage_event_columns() | join(',\n        ') }},
        file_path,
        landed_row,
        {{ first_reason(usage_event_rules()) }} as reject_reason,
        {{ all_reasons(usage_event_rules()) }} as reject_reasons
    from typed
)

select * from judged
