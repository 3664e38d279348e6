{# The table's rows and the REST answer have the same fields; only the cost differs: an integer is nano-USD. #}
{% set record = {
    'request_id': 'request_id', 'timestamp_text': 'request_created_at', 'ingested_text': 'updated_at', 'provider': 'provider',
    'response_model': 'response_model', 'request_model': 'request_model', 'only_model': 'model',
    'prompt_text': 'prompt_tokens', 'read_text': 'prompt_cache_read_tokens', 'write_text': 'prompt_cache_write_tokens',
    'completion_text': 'completion_tokens', 'input_audio_text': 'prompt_audio_tokens', 'output_audio_text': 'completion_audio_tokens', 'cost_text': 'cost', 'cost_usd_text': 'costUSD', 'user_id': 'request_user_id',
    'status_text': 'response_status', 'path': 'request_path', 'cache_reference_id': 'cache_reference_id',
    'properties_text': 'request_properties', 'more_properties_text': 'properties', 'told_prompt_version': 'prompt_version',
} %}
with extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(record)) }} as texts
    from {{ ref('stg_helicone__requests_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        {{ json_is_object('raw_text') }} as is_object,
        {{ named_items('texts', record) | trim | trim(',') }}
    from extracted
),

told as (
    select
        *,
        coalesce(response_model, request_model, only_model) as model,
        coalesce(cost_usd_text, cost_text) as reported_amount_text,
        coalesce(cache_reference_id, '00000000-0000-0000-0000-000000000000') <> '00000000-0000-0000-0000-000000000000' as is_cache_hit,
        coalesce({{ matches("coalesce(cost_usd_text, 'none')", 'none') }} and {{ matches('cost_text', '[0-9]{1,14}') }}, false) as is_nano_cost,
        case when properties_text like '{_%' then properties_text else more_properties_text end as labels_json
    from named
)

select * from told
