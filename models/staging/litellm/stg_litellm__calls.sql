{{ config(materialized='table') }}
{% set counts = {
    'prompt_text': 'input_tokens', 'completion_text': 'output_tokens', 'total_text': 'total_tokens',
    'read_text': 'cache_read_tokens', 'write_5m_text': 'cache_write_5m_tokens', 'write_1h_text': 'cache_write_1h_tokens',
    'all_writes_text': 'cache_write_unknown_tokens', 'thoughts_text': 'reasoning_tokens', 'web_searches_text': 'quantity',
} %}
{# Roll-ups hold again what the rows hold; polls and health checks buy nothing; a silent experiment serves no one. #}
{% set excluded = {
    'excluded_rollup': 'timestamp_text is null and api_requests_text is not null',
    'excluded_status_poll': matches('call_type', 'a?(retrieve_batch|list_batches|get_responses|video_status|retrieve_fine_tuning_job)')
        ~ ' and not is_metered and not is_job_cost and coalesce(reported_cost_amount, 0) = 0',
    'excluded_health_check': "'litellm-internal-health-check' in (api_key_id, key_alias, told_team, key_team_alias)",
    'excluded_silent_experiment': "lower(silent_text) = 'true'",
} %}
with counted as (
    select * from {{ ref('stg_litellm__calls_counted') }}
),

chains as (
    select * from {{ ref('stg_litellm__chains') }}
),

labels as (
    select * from {{ ref('stg_litellm__labels') }}
),

{{ map_labels() }},

described as (
    select
        counted.*,
        chains.attempt_number,
        chains.retry_of_request_id,
        {{ mapped_columns({'team': 'counted.told_team', 'agent_id': 'counted.told_agent_id', 'tenant_id': 'counted.told_tenant_id'}) }}
    from counted
    left join chains
        on counted.landed_row = chains.landed_row and counted.file_path = chains.file_path and counted.feed = chains.feed
    {{ join_mapped('counted') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + counted_names() + [
                'ingested_at', 'api_key_id', 'web_searches', 'attempt_number', 'retry_of_request_id', 'session_id', 'trace_id',
            ],
            'usage_json': audio_quantities('case when is_metered then ' ~ as_count('input_audio_text') ~ ' end', 'case when is_metered then ' ~ as_count('output_audio_text') ~ ' end'),
            'provider': "coalesce(provider, 'not_told')",
            'reported_model': "coalesce(bare_model, 'not_told')",
            'endpoint': "case when is_cache_hit then 'gateway_cache_hit' else call_type end",
            'layer': "case when " ~ matches('call_type', 'a?(embedding|rerank)') ~ " then 'embedding' end",
            'service_tier': "case when is_job_cost then 'batch' else " ~ told_tier('service_tier') ~ " end",
            'status': "case when coalesce(status_text, 'success') = 'success' then 'success'
                when error_code = '408' or error_class like '%Timeout%' then 'timeout'
                when error_code = '499' then 'cancelled' else 'error' end",
            'requests': 'case when is_cache_hit then 0 else 1 end',
            'is_fallback': "case when fallbacks_text is not null then fallbacks_text <> '0' end",
            'span_id': 'case when not is_derived then litellm_call_id end',
            'reported_cost_currency': "case when reported_cost_amount is not null then 'USD' end",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(producer_rules(counts, excluded)) }} as reject_reason,
        {{ all_reasons(producer_rules(counts, excluded)) }} as reject_reasons
    from described
)

select * from judged
