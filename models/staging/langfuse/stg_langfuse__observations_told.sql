{{ config(materialized='table') }}
{# A cost of 0 without parts is no cost. The API and the UI write camelCase, the blob export snake_case; maps may be objects or JSON text. The keys of usage are
   those of many SDKs: a key names its bucket. #}
{% set record = {
    'id': 'id', 'trace_camel': 'traceId', 'trace_snake': 'trace_id', 'parent_camel': 'parentObservationId',
    'parent_snake': 'parent_observation_id', 'project_camel': 'projectId', 'project_snake': 'project_id', 'type': 'type',
    'level': 'level', 'start_camel': 'startTime', 'start_snake': 'start_time', 'updated_camel': 'updatedAt',
    'updated_snake': 'updated_at', 'model_v1': 'model', 'model_v2': 'providedModelName', 'model_snake': 'provided_model_name',
    'environment_text': 'environment', 'prompt_camel': 'promptVersion', 'prompt_snake': 'prompt_version',
    'user_camel': 'userId', 'user_snake': 'user_id', 'session_camel': 'sessionId', 'session_snake': 'session_id',
    'tags_text': 'tags', 'metadata_text': 'metadata', 'name': 'name', 'trace_name_camel': 'traceName',
    'trace_name_snake': 'trace_name', 'usage_camel': 'usageDetails', 'usage_snake': 'usage_details',
    'old_input': 'inputUsage', 'old_output': 'outputUsage', 'old_total': 'totalUsage', 'cost_camel': 'totalCost',
    'cost_snake': 'total_cost', 'costs_camel': 'costDetails', 'costs_snake': 'cost_details',
} %}
{% set usage = {
    'input': ['input', 'input_tokens', 'prompt_tokens', 'promptTokenCount', 'prompt_token_count'],
    'output': ['output', 'output_tokens', 'completion_tokens', 'candidatesTokenCount', 'candidates_token_count'],
    'total': ['total', 'total_tokens', 'totalTokenCount', 'total_token_count'],
    'read': ['input_cache_read', 'input_cached_tokens', 'cache_read_input_tokens', 'cached_content_token_count'],
    'inner_read': ['prompt_details.cache_read', 'prompt_details.cached_tokens'],
    'writes': ['input_cache_creation', 'cache_creation_input_tokens', 'cache_write_tokens'],
    'write_5m': ['input_cache_creation_5m'], 'write_1h': ['input_cache_creation_1h'],
    'input_audio': ['input_audio', 'input_audio_tokens'], 'inner_input_audio': ['prompt_details.audio', 'prompt_details.audio_tokens'],
    'reasoning': ['output_reasoning', 'output_reasoning_tokens', 'reasoning_tokens', 'thoughtsTokenCount', 'thoughts_token_count'],
    'inner_reasoning': ['completion_details.reasoning', 'completion_details.reasoning_tokens'],
    'output_audio': ['output_audio', 'output_audio_tokens'],
    'inner_output_audio': ['completion_details.audio', 'completion_details.audio_tokens'],
    'searches': ['web_search_queries', 'webSearchQueries'],
} %}
{% set usage_paths = [] %}
{% for keys in usage.values() %}{% for key in keys %}{% do usage_paths.append('$."' ~ key ~ '"') %}{% endfor %}{% endfor %}
with landed as (
    select
        *,
        {{ json_texts('raw_text', json_paths(record)) }} as texts
    from {{ ref('stg_langfuse__observations_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        {{ json_is_object('raw_text') }} as is_object,
        {{ named_items('texts', record) | trim | trim(',') }}
    from landed
),

unpacked as (
    select
        *,
        {{ json_texts(valid_json('coalesce(usage_camel, usage_snake)'), usage_paths) }} as counts
    from named
),

told as (
    select
        feed,
        file_path,
        landed_row,
        is_malformed,
        is_object,
        id as observation_id,
        coalesce(trace_camel, trace_snake) as trace_id,
        coalesce(parent_camel, parent_snake) as parent_id,
        coalesce(project_camel, project_snake, '') as project_id,
        type as observation_type,
        level,
        coalesce(start_camel, start_snake) as timestamp_text,
        coalesce(updated_camel, updated_snake) as ingested_text,
        regexp_replace(coalesce(model_v1, model_v2, model_snake), '^projects/.*/models/', '') as model,
        environment_text as told_environment,
        coalesce(prompt_camel, prompt_snake) as told_prompt_version,
        coalesce(user_camel, user_snake) as user_id,
        coalesce(session_camel, session_snake) as told_session_id,
        name,
        coalesce(trace_name_camel, trace_name_snake) as trace_name,
        tags_text,
        metadata_text,
        case
            when coalesce(cost_camel, cost_snake) <> '0' or length(coalesce(costs_camel, costs_snake)) > 2
                then coalesce(cost_camel, cost_snake)
        end as reported_amount_text,
        old_input,
        old_output,
        old_total,
        {% set position = namespace(value=0) -%}
        {% for name, keys in usage.items() -%}
        coalesce(null{% for key in keys %}{% set position.value = position.value + 1 %}, {{ list_item('counts', position.value) }}{% endfor %}) as {{ name }}_text{{ ',' if not loop.last }}
        {% endfor %}
    from unpacked
)

select * from told
