{{ config(materialized='table') }}
{% set texts = {
    'timestamp_text': 'timestamp_utc', 'ingested_text': 'ingested_at',
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
    'request_id_json': 'request_id', 'attempt_text': 'routing.attempt_number', 'unit_shares': 'business_units', 'whole_usage': 'usage',
} %}
{% set counts = {
    'input': 'input_tokens', 'cache_read': 'cached_input_tokens', 'cache_write_5m': 'cache_write_5m_tokens',
    'cache_write_1h': 'cache_write_1h_tokens', 'cache_write_unknown': 'cache_write_unknown_tokens', 'output': 'output_tokens',
    'reasoning': 'reasoning_tokens', 'unclassified': 'unclassified_tokens', 'total': 'total_tokens', 'requests': 'requests',
    'web_searches': 'web_searches',
} %}
with landed as (
    select * from {{ ref('stg_canonical__usage_events_landed') }}
),

read as (
    select
        *,
        {{ json_record('raw_text', texts.values(), values.values()) }} as fields
    from landed
),

measured as (
    select
        *,
        {{ json_record('fields.usage', [], counts.values()) }} as counts
    from read
),

named as (
    select
        {{ clean_text(json_scalar('fields.request_id')) }} as request_id,
        {% for name, path in texts.items() -%}
        {{ clean_field('fields.' ~ path) }} as {{ name }},
        {% endfor -%}
        {% for name, path in values.items() -%}
        cast(fields.{{ path }} as {{ dbt.type_string() }}) as {{ name }},
        {% endfor -%}
        {% for name, path in counts.items() -%}
        cast(counts.{{ path }} as {{ dbt.type_string() }}) as {{ name }}_text,
        {% endfor -%}
        raw_text,
        is_malformed,
        file_path,
        landed_row
    from measured
),

typed as (
    select
        *,
        {{ json_is_object('raw_text') }} as is_object,
        length(raw_text) > {{ line_cap() }} as is_too_long,
        {# Minus zero is read as zero: only the line still shows it. #}
        case
            when '0' in ({{ counts.keys() | join('_text, ') }}_text)
                then {{ contains_pattern('raw_text', '_tokens" *: *-0 *[,}]') }} else false
        end as has_negative_zero,
        {{ as_instant('timestamp_text') }} as occurred_at,
        {{ as_instant('ingested_text') }} as ingested_at,
        {% for name in counts if name not in ['requests', 'web_searches', 'total'] -%}
        {{ as_count(name ~ '_text') }} as {{ name }}_tokens,
        {% endfor -%}
        {{ as_count('requests_text') }} as told_requests,
        {{ as_count('web_searches_text') }} as web_searches,
        {{ as_count('attempt_text') }} as attempt_number,
        fallback_text = 'true' as is_fallback,
        {{ as_amount('reported_amount_text') }} as reported_cost_amount,
        case when {{ json_has_other_keys('whole_usage', known_usage_keys()) }} then whole_usage end as usage_json
    from named
),

judged as (
    select
        *,
        coalesce(told_requests, 1) as requests,
        {{ first_reason(usage_event_rules()) }} as reject_reason
    from typed
),

reasoned as (
    select
        'canonical' as source_system,
        {{ usage_event_columns() | join(',\n        ') }},
        file_path,
        landed_row,
        reject_reason,
        case when reject_reason is not null then {{ all_reasons(usage_event_rules()) }} end as reject_reasons
    from judged
)

select * from reasoned
