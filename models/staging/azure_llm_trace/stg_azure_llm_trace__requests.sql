{{ config(materialized='table') }}
{# A bare token log: times and sizes, no model, key, unit or cost. What `policy/field_mappings` says of the file holds for it. #}
{% set columns = {'timestamp_text': 'TIMESTAMP', 'input_text': 'ContextTokens', 'output_text': 'GeneratedTokens'} %}
{% set counts = {'input_text': 'input_tokens', 'output_text': 'output_tokens'} %}
with landed as (
    select * from {{ ref('stg_azure_llm_trace__requests_landed') }}
),

named as (
    select
        feed,
        file_path,
        landed_row,
        raw_text is null as is_malformed,
        raw_text is not null as is_object,
        {{ path_in_feed('azure_llm_trace') }} as path,
        {{ comma_count('raw_text') }} <> {{ comma_count('header_text') }} as is_ragged,
        {% for name, column in columns.items() -%}
        {{ clean_text(csv_field('raw_text', 'header_text', column)) }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
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

counted as (
    select
        *,
        path || ':' || cast(landed_row as {{ dbt.type_string() }}) as request_id,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ as_count('input_text') }} as input_tokens,
        {{ as_count('output_text') }} as output_tokens
    from named
),

described as (
    select
        counted.*,
        {{ mapped_columns(also=['provider', 'reported_model']) }}
    from counted
    {{ join_mapped('counted') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + ['input_tokens', 'output_tokens'],
            'provider': "coalesce(provider, 'azure')", 'reported_model': "coalesce(reported_model, 'not_told')",
            'endpoint': "'chat'", 'status': "'success'", 'requests': '1',
        }) }}
        file_path,
        landed_row,
        {{ first_reason(bare_log_rules(counts, {'wrong_column_count': 'is_ragged'})) }} as reject_reason,
        {{ all_reasons(bare_log_rules(counts, {'wrong_column_count': 'is_ragged'})) }} as reject_reasons
    from described
)

select * from judged
