{{ config(materialized='table') }}
{# Two views of the same calls: rows of the spend log and payloads of the callback. What is JSON text in one is an object in
   the other, and some fields lie elsewhere; from here on both have the same names. #}
{% set record = {
    'log_id': 'request_id', 'payload_id': 'id', 'litellm_call_id': 'litellm_call_id', 'call_type': 'call_type',
    'timestamp_text': 'startTime', 'created_text': 'created_at', 'updated_text': 'updated_at', 'model': 'model',
    'custom_provider': 'custom_llm_provider', 'api_key': 'api_key', 'log_team_id': 'team_id', 'end_user': 'end_user',
    'log_agent_id': 'agent_id', 'log_session_id': 'session_id', 'trace_id': 'trace_id', 'status_text': 'status',
    'cache_hit_text': 'cache_hit', 'spend_text': 'spend', 'response_cost_text': 'response_cost',
    'prompt_text': 'prompt_tokens', 'completion_text': 'completion_tokens', 'total_text': 'total_tokens',
    'metadata_text': 'metadata', 'tags_text': 'request_tags', 'api_requests_text': 'api_requests', 'user_name': 'user',
    'organization_id': 'organization_id', 'payload_tier': 'cost_breakdown.service_tier',
    'payload_error_code': 'error_information.error_code', 'payload_error_class': 'error_information.error_class',
    'payload_retries': 'hidden_params.additional_headers."x-litellm-attempted-retries"',
    'payload_fallbacks': 'hidden_params.additional_headers."x-litellm-attempted-fallbacks"',
} %}
{% set prompt_details = 'usage_object.prompt_tokens_details.' %}
{% set metadata = {
    'cached_text': prompt_details ~ 'cached_tokens',
    'write_text': prompt_details ~ 'cache_creation_tokens',
    'write_5m_text': prompt_details ~ 'cache_creation_token_details.ephemeral_5m_input_tokens',
    'write_1h_text': prompt_details ~ 'cache_creation_token_details.ephemeral_1h_input_tokens',
    'bare_cached_text': 'usage_object.cache_read_input_tokens', 'bare_write_text': 'usage_object.cache_creation_input_tokens',
    'input_audio_text': prompt_details ~ 'audio_tokens', 'output_audio_text': 'usage_object.completion_tokens_details.audio_tokens',
    'thoughts_text': 'usage_object.completion_tokens_details.reasoning_tokens',
    'web_searches_text': 'usage_object.server_tool_use.web_search_requests', 'usage_tier': 'usage_object.service_tier',
    'log_tier': 'cost_breakdown.service_tier', 'log_error_code': 'error_information.error_code',
    'log_error_class': 'error_information.error_class', 'log_retries': 'attempted_retries',
    'log_fallbacks': 'attempted_fallbacks', 'original_model_group': 'original_model_group',
    'silent_text': 'is_silent_experiment', 'labels_json': 'spend_logs_metadata', 'key_hash': 'user_api_key_hash',
    'key_alias': 'user_api_key_alias', 'key_team_id': 'user_api_key_team_id', 'key_team_alias': 'user_api_key_team_alias',
    'key_end_user': 'user_api_key_end_user_id', 'key_organization_id': 'user_api_key_org_id', 'key_user': 'user_api_key_user_id',
} %}
with landed as (
    select * from {{ ref('stg_litellm__calls_landed') }}
),

extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(record)) }} as texts
    from landed
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        {{ json_is_object('raw_text') }} as is_object,
        {{ named_items('texts', record) }}
        {{ json_texts(valid_json(list_item('texts', (record | list).index('metadata_text') + 1)), json_paths(metadata)) }} as inner_texts
    from extracted
),

unpacked as (
    select
        *,
        {{ named_items('inner_texts', metadata) | trim | trim(',') }}
    from named
),

told as (
    select
        feed,
        file_path,
        landed_row,
        is_malformed,
        is_object,
        feed = 'litellm_spend_logs' as is_log,
        coalesce(log_id, payload_id) as request_id,
        litellm_call_id,
        coalesce(log_session_id, trace_id) as session_id,
        coalesce(trace_id, log_session_id) as trace_id,
        call_type,
        lower(custom_provider) as provider,
        model,
        timestamp_text,
        coalesce(updated_text, created_text) as ingested_text,
        status_text,
        coalesce(log_error_code, payload_error_code) as error_code,
        coalesce(log_error_class, payload_error_class) as error_class,
        coalesce(log_tier, payload_tier, usage_tier) as service_tier,
        coalesce(api_key, key_hash) as api_key_id,
        key_alias,
        coalesce(log_team_id, key_team_id) as told_team,
        key_team_alias,
        log_agent_id as told_agent_id,
        coalesce(end_user, key_end_user) as told_tenant_id,
        coalesce(organization_id, key_organization_id) as organization_id,
        coalesce(user_name, key_user) as user_name,
        tags_text,
        labels_json,
        cache_hit_text,
        silent_text,
        api_requests_text,
        coalesce(log_retries, payload_retries) as retries_text,
        coalesce(log_fallbacks, payload_fallbacks) as fallbacks_text,
        original_model_group,
        coalesce(spend_text, response_cost_text) as reported_amount_text,
        prompt_text,
        completion_text,
        total_text,
        coalesce(cached_text, bare_cached_text) as read_text,
        coalesce(write_text, bare_write_text) as all_writes_text,
        write_5m_text,
        write_1h_text,
        thoughts_text,
        web_searches_text,
        input_audio_text,
        output_audio_text
    from unpacked
)

select * from told
