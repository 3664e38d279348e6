{{ config(materialized='table') }}
{# A bare token log: milliseconds since its start (base_time of `policy/field_mappings`) and sizes. Its prefix hashes say what a
   perfect cache could have read, which no one metered: see stg_mooncake_trace__prefix_reads. #}
{% set record = {'timestamp_text': 'timestamp', 'input_text': 'input_length', 'output_text': 'output_length'} %}
{% set counts = {'input_text': 'input_tokens', 'output_text': 'output_tokens'} %}
with landed as (
    select
        *,
        {{ json_texts(valid_json('raw_text'), json_paths(record)) }} as texts
    from {{ ref('stg_mooncake_trace__requests_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        {{ valid_json('raw_text') }} is null as is_malformed,
        {{ json_is_object(valid_json('raw_text')) }} as is_object,
        {{ named_items('texts', record) }}
        {{ path_in_feed('mooncake_trace') }} as path
    from landed
),

labels as (
    select
        feed,
        file_path,
        landed_row,
        'field:file' as label,
        path as label_value,
        0 as distance
    from named
),

{{ map_labels() }},

described as (
    select
        named.*,
        {{ mapped_columns(also=['provider', 'reported_model', 'base_time']) }}
    from named
    {{ join_mapped('named') }}
),

counted as (
    select
        *,
        path || ':' || cast(landed_row as {{ dbt.type_string() }}) as request_id,
        case
            when {{ matches('timestamp_text', '(0|[1-9][0-9]{0,11})([.][0-9]+)?') }}
                then {{ add_micros(told_instant('base_time'), 'cast(cast(timestamp_text as decimal(18, 3)) * 1000 as bigint)') }}
        end as occurred_at,
        {{ as_count('input_text') }} as input_tokens,
        {{ as_count('output_text') }} as output_tokens
    from described
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + ['input_tokens', 'output_tokens'],
            'provider': "coalesce(provider, 'not_told')", 'reported_model': "coalesce(reported_model, 'not_told')",
            'endpoint': "'chat'", 'status': "'success'", 'requests': '1',
        }) }}
        file_path,
        landed_row,
        {{ first_reason(bare_log_rules(counts)) }} as reject_reason,
        {{ all_reasons(bare_log_rules(counts)) }} as reject_reasons
    from counted
)

select * from judged
