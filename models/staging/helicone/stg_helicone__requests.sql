{{ config(materialized='table') }}
{% set counts = {
    'prompt_text': 'input_tokens', 'completion_text': 'output_tokens', 'read_text': 'cache_read_tokens',
    'write_text': 'cache_write_unknown_tokens',
} %}
with told as (
    select * from {{ ref('stg_helicone__requests_told') }}
),

labels as (
    select * from {{ ref('stg_helicone__labels') }}
),

{{ map_labels() }},

{# Cached tokens stand beside prompt_tokens, and total_tokens leaves them out: it tells nothing here. What the gateway's own
   cache answered bought nothing. #}
counted as (
    select
        *,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ told_instant('ingested_text') }} as ingested_at,
        case
            when is_nano_cost then cast(cast(cost_text as decimal(20, 0)) * 0.000000001 as decimal(38, 12))
            else {{ told_cost('reported_amount_text') }}
        end as reported_cost_amount,
        case when is_cache_hit then 0 else {{ as_count('prompt_text') }} end as told_input,
        case when is_cache_hit then 0 else {{ as_count('completion_text') }} end as told_output,
        cast(null as integer) as told_total,
        case when not is_cache_hit then {{ as_count('read_text') }} end as cache_read_tokens,
        cast(null as integer) as cache_write_5m_tokens,
        cast(null as integer) as cache_write_1h_tokens,
        case when not is_cache_hit then {{ as_count('write_text') }} end as cache_write_unknown_tokens,
        cast(null as integer) as reasoning_tokens,
        0 as output_details
    from told
),

detailed as (
    select
        *,
        {{ cache_details() }} as input_details
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
        {{ mapped_columns({'tenant_id': 'bucketed.user_id', 'prompt_version': 'bucketed.told_prompt_version'}, ['session_id']) }}
    from bucketed
    {{ join_mapped('bucketed') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + counted_names() + ['ingested_at', 'session_id'],
            'usage_json': audio_quantities('case when not is_cache_hit then ' ~ as_count('input_audio_text') ~ ' end', 'case when not is_cache_hit then ' ~ as_count('output_audio_text') ~ ' end'),
            'provider': "coalesce(lower(provider), 'not_told')", 'reported_model': "coalesce(model, 'not_told')",
            'endpoint': "case when is_cache_hit then 'gateway_cache_hit' else path end",
            'layer': "case when path like '%/embeddings%' or path like '%/rerank%' then 'embedding' end",
            'requests': 'case when is_cache_hit then 0 else 1 end',
            'status': "case when status_text is null or status_text like '2__' then 'success' when status_text in ('408', '504') then 'timeout'
                when status_text in ('499', '-3') then 'cancelled' else 'error' end",
            'reported_cost_currency': "case when reported_cost_amount is not null then 'USD' end",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(producer_rules(counts)) }} as reject_reason,
        {{ all_reasons(producer_rules(counts)) }} as reject_reasons
    from described
)

select * from judged
