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
    'excluded_health_check': "'litellm-internal-health-check' in (api_key_id, key_alias, team, key_team_alias)",
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
        {% for target in ['environment', 'application', 'workflow', 'step', 'cost_center', 'billing_account_id', 'prompt_version', 'unit_id', 'unit_type'] -%}
        {{ mapped_field(target) }} as {{ target }},
        {% endfor -%}
        {{ mapped_field('team', 'counted.team') }} as owning_team,
        {{ mapped_field('agent_id', 'counted.agent_id') }} as owning_agent_id,
        {{ mapped_field('tenant_id', 'counted.tenant_id') }} as owning_tenant_id
    from counted
    left join chains
        on counted.landed_row = chains.landed_row and counted.file_path = chains.file_path and counted.feed = chains.feed
    left join mapped on counted.landed_row = mapped.landed_row and counted.file_path = mapped.file_path
    left join constants on counted.feed = constants.feed
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': [
                'request_id', 'occurred_at', 'ingested_at', 'environment', 'application', 'workflow', 'step', 'cost_center',
                'billing_account_id', 'api_key_id', 'prompt_version', 'input_tokens', 'cache_read_tokens',
                'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens', 'output_tokens',
                'reasoning_tokens', 'unclassified_tokens', 'web_searches', 'attempt_number',
                'retry_of_request_id', 'unit_id', 'session_id', 'trace_id', 'reported_cost_amount',
            ],
            'team': 'owning_team', 'agent_id': 'owning_agent_id', 'tenant_id': 'owning_tenant_id',
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
            'unit_type': "nullif(unit_type, '')",
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
