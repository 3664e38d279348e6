{# Parquet is typed already: read in place, judged on its columns, never copied as text. #}
{% set texts = [
    'request_id', 'environment', 'application', 'workflow', 'step', 'agent_id', 'tenant_id', 'team', 'cost_center',
    'provider', 'billing_account_id', 'api_key_id', 'endpoint', 'service_tier', 'reported_model', 'prompt_version',
    'status', 'layer', 'retry_of_request_id', 'unit_type', 'unit_id', 'trace_id', 'session_id', 'span_id',
    'reported_cost_currency', 'usage_json', 'unit_shares',
] %}
{% set counts = [
    'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens',
    'cache_write_unknown_tokens', 'output_tokens', 'reasoning_tokens', 'unclassified_tokens', 'web_searches',
    'attempt_number',
] %}
with typed as (
    {{ parquet_columns('ai_usage_events', {
        'varchar': texts, 'integer': counts + ['requests'], 'timestamp': ['occurred_at', 'ingested_at'],
        'boolean': ['is_fallback'], 'decimal(38, 12)': ['reported_cost_amount'],
    }) }}
),

judged as (
    select
        'canonical' as source_system,
        request_id,
        occurred_at,
        ingested_at,
        {{ (texts + counts) | reject('equalto', 'request_id') | join(',\n        ') }},
        coalesce(requests, 1) as requests,
        is_fallback,
        reported_cost_amount,
        file_path,
        landed_row,
        {{ first_reason(usage_event_column_rules()) }} as reject_reason,
        {{ all_reasons(usage_event_column_rules()) }} as reject_reasons
    from typed
)

select * from judged
