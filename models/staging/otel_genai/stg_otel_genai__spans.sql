{{ config(materialized='table') }}
{% set counts = {
    'input_text': 'input_tokens', 'output_text': 'output_tokens', 'total_text': 'total_tokens', 'read_text': 'cache_read_tokens',
    'write_5m_text': 'cache_write_5m_tokens', 'write_1h_text': 'cache_write_1h_tokens',
    'all_writes_text': 'cache_write_unknown_tokens', 'reasoning_text': 'reasoning_tokens',
} %}
{% set rules = producer_rules(
    counts,
    {'excluded_not_a_call': 'not is_call', 'excluded_other_scope': 'scope_rank <> kept_scope_rank'},
    'is_span and copy_number > 1',
) %}
with told as (
    select * from {{ ref('stg_otel_genai__spans_told') }}
),

labels as (
    select * from {{ ref('stg_otel_genai__labels') }}
),

{{ map_labels() }},

{# input_tokens is told with cached reads and writes inside. Nanoseconds are cut to microseconds. #}
counted as (
    select
        *,
        'otel_genai' as feed,
        trace_id || '/' || span_id as request_id,
        case
            when {{ matches('timestamp_text', '[1-8][0-9]{17,18}') }}
                then {{ from_epoch_micros(int_div('cast(timestamp_text as bigint)', '1000')) }}
        end as occurred_at,
        {{ as_count('input_text') }} as told_input,
        {{ as_count('output_text') }} as told_output,
        {{ as_count('total_text') }} as told_total,
        {{ as_count('read_text') }} as cache_read_tokens,
        {{ as_count('write_5m_text') }} as cache_write_5m_tokens,
        {{ as_count('write_1h_text') }} as cache_write_1h_tokens,
        {{ untold_writes() }} as cache_write_unknown_tokens,
        {{ as_count('reasoning_text') }} as reasoning_tokens,
        cast(null as {{ dbt.type_string() }}) as reported_amount_text,
        cast(null as decimal(38, 12)) as reported_cost_amount
    from told
),

detailed as (
    select
        *,
        {{ cache_details() }} as input_details,
        coalesce(reasoning_tokens, 0) as output_details
    from counted
),

sided as (
    select
        *,
        {{ detail_sides() }}
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
        {{ mapped_columns(also=['session_id']) }}
    from bucketed
    {{ join_mapped('bucketed') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + counted_names() + ['session_id', 'trace_id', 'span_id'],
            'provider': "coalesce(lower(provider), 'not_told')", 'reported_model': "coalesce(model, 'not_told')",
            'endpoint': 'operation', 'service_tier': told_tier('service_tier'), 'requests': '1',
            'status': "case when coalesce(status_code, '0') <> '2' then 'success' when lower(error_type) like '%timeout%' then 'timeout' else 'error' end",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from described
)

select * from judged
