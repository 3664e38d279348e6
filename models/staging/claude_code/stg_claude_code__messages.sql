{{ config(materialized='table') }}
{% set record = {
    'message_id': 'message.id', 'told_request_id': 'requestId', 'line_id': 'uuid', 'timestamp_text': 'timestamp',
    'told_session_id': 'sessionId', 'model': 'message.model', 'fresh_text': 'message.usage.input_tokens',
    'read_text': 'message.usage.cache_read_input_tokens', 'all_writes_text': 'message.usage.cache_creation_input_tokens',
    'write_5m_text': 'message.usage.cache_creation.ephemeral_5m_input_tokens',
    'write_1h_text': 'message.usage.cache_creation.ephemeral_1h_input_tokens', 'output_text': 'message.usage.output_tokens',
    'web_searches_text': 'message.usage.server_tool_use.web_search_requests', 'speed': 'message.usage.speed',
    'told_tier': 'message.usage.service_tier', 'reported_amount_text': 'costUSD', 'folder': 'cwd',
} %}
{% set counts = {
    'fresh_text': 'input_tokens', 'read_text': 'cache_read_tokens', 'all_writes_text': 'cache_write_unknown_tokens',
    'write_5m_text': 'cache_write_5m_tokens', 'write_1h_text': 'cache_write_1h_tokens', 'output_text': 'output_tokens',
    'web_searches_text': 'quantity',
} %}
{# A message is written again while it streams, and again where a session is resumed: the state with most output counts. #}
{% set rules = producer_rules(
    counts,
    {'excluded_not_a_call': "model is null or model = '<synthetic>' or coalesce(fresh_text, output_text) is null"},
    'message_id is not null and copy_number > 1',
) %}
with extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(record)) }} as texts
    from {{ ref('stg_claude_code__messages_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        {{ json_is_object('raw_text') }} as is_object,
        {{ named_items('texts', record) }}
        {{ path_in_feed('claude_code_jsonl') }} as path
    from extracted
),

labels as (
    {% for label, value in {'session': 'told_session_id', 'folder': 'folder', 'file': 'path'}.items() %}
    select
        feed,
        file_path,
        landed_row,
        'field:{{ label }}' as label,
        {{ value }} as label_value,
        0 as distance
    from named
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{{ map_labels() }},

{# input_tokens is what was read afresh: cached reads and writes stand beside it. #}
counted as (
    select
        *,
        coalesce(message_id || coalesce('/' || told_request_id, ''), line_id, path || ':' || cast(landed_row as {{ dbt.type_string() }})) as request_id,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ told_cost('reported_amount_text') }} as reported_cost_amount,
        {{ as_count('fresh_text') }} as told_input,
        {{ as_count('output_text') }} as told_output,
        cast(null as integer) as told_total,
        {{ as_count('read_text') }} as cache_read_tokens,
        {{ as_count('write_5m_text') }} as cache_write_5m_tokens,
        {{ as_count('write_1h_text') }} as cache_write_1h_tokens,
        {{ untold_writes() }} as cache_write_unknown_tokens,
        {{ as_count('web_searches_text') }} as web_searches,
        cast(null as integer) as reasoning_tokens,
        0 as output_details
    from named
),

detailed as (
    select
        *,
        {{ cache_details() }} as input_details,
        row_number() over (
            partition by message_id, told_request_id order by told_output desc nulls last, occurred_at, file_path, landed_row
        ) as copy_number
    from counted
),

sided as (
    select
        *,
        {{ detail_sides('false', 'false') }}
    from detailed
),

bucketed as (
    select
        *,
        {{ token_buckets() }}
    from sided
),

described as (
    select
        bucketed.*,
        {{ mapped_columns(also=['provider']) }}
    from bucketed
    {{ join_mapped('bucketed') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + counted_names() + ['web_searches'],
            'provider': "coalesce(provider, 'anthropic')", 'reported_model': "coalesce(model, 'not_told')", 'requests': '1',
            'session_id': 'told_session_id', 'endpoint': "'chat'", 'status': "'success'",
            'service_tier': "case when speed = 'fast' then 'fast' else " ~ told_tier('told_tier') ~ " end",
            'reported_cost_currency': "case when reported_cost_amount is not null then 'USD' end",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from described
)

select * from judged
