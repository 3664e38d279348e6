{{ config(materialized='table') }}
{% set record = {
    'timestamp_text': 'timestamp', 'line_type': 'type', 'payload_type': 'payload.type', 'turn_model': 'payload.model',
    'call_model': 'payload.info.model', 'input_text': 'payload.info.last_token_usage.input_tokens',
    'read_text': 'payload.info.last_token_usage.cached_input_tokens', 'output_text': 'payload.info.last_token_usage.output_tokens',
    'reasoning_text': 'payload.info.last_token_usage.reasoning_output_tokens',
    'total_text': 'payload.info.last_token_usage.total_tokens', 'running_text': 'payload.info.total_token_usage.total_tokens',
} %}
{% set counts = {
    'input_text': 'input_tokens', 'read_text': 'cache_read_tokens', 'output_text': 'output_tokens',
    'reasoning_text': 'reasoning_tokens', 'total_text': 'total_tokens',
} %}
{# Only token counts tell usage. One whose running total has not grown says again what the one before said. #}
{% set rules = producer_rules(
    counts,
    {'excluded_not_a_call': "coalesce(payload_type, '') <> 'token_count' or coalesce(input_text, output_text) is null"},
    'is_told_again',
) %}
with extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(record)) }} as texts
    from {{ ref('stg_codex__token_counts_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        {{ json_is_object('raw_text') }} as is_object,
        {{ named_items('texts', record) }}
        {{ path_in_feed('codex_jsonl') }} as path
    from extracted
),

timed as (
    select
        *,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ as_count('running_text') }} as running_total
    from named
),

{# A turn's model holds until the next turn says another. #}
sequenced as (
    select
        *,
        coalesce(
            call_model,
            last_value(case when line_type = 'turn_context' then turn_model end ignore nulls) over (
                partition by file_path order by occurred_at, coalesce(running_total, 0)
            )
        ) as model,
        payload_type = 'token_count' and coalesce(
            running_total = last_value(running_total ignore nulls) over (
                partition by file_path order by occurred_at, coalesce(running_total, 0), landed_row
                rows between unbounded preceding and 1 preceding
            ),
            false
        ) as is_told_again
    from timed
),

labels as (
    select
        feed,
        file_path,
        landed_row,
        'field:file' as label,
        path as label_value,
        0 as distance
    from sequenced
),

{{ map_labels() }},

{# Cached tokens lie inside the input; whether reasoning lies inside the output, the total of each line decides. #}
counted as (
    select
        *,
        path || '/' || timestamp_text || '/' || coalesce(running_text, '') as request_id,
        {{ as_count('input_text') }} as told_input,
        {{ as_count('output_text') }} as told_output,
        {{ as_count('total_text') }} as told_total,
        {{ as_count('read_text') }} as cache_read_tokens,
        {{ as_count('reasoning_text') }} as reasoning_tokens,
        coalesce({{ as_count('read_text') }}, 0) as input_details,
        coalesce({{ as_count('reasoning_text') }}, 0) as output_details,
        cast(null as integer) as cache_write_5m_tokens,
        cast(null as integer) as cache_write_1h_tokens,
        cast(null as integer) as cache_write_unknown_tokens,
        cast(null as {{ dbt.type_string() }}) as reported_amount_text,
        cast(null as decimal(38, 12)) as reported_cost_amount
    from sequenced
),

sided as (
    select
        *,
        {{ detail_sides() }}
    from counted
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
            'as_named': mapped_names() + counted_names(),
            'provider': "coalesce(provider, 'openai')", 'reported_model': "coalesce(model, 'not_told')", 'requests': '1',
            'session_id': 'path', 'endpoint': "'chat'", 'status': "'success'",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from described
)

select * from judged
