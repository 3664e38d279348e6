{{ config(materialized='table') }}
{# The latest state of each observation, with its tokens. Keys with `_details` name parts of their side, the others stand
   beside it, unless the row's total says otherwise. Zeros throughout are no usage. #}
{% set counts = [
    'read', 'inner_read', 'writes', 'write_5m', 'write_1h', 'input_audio', 'inner_input_audio', 'reasoning', 'inner_reasoning',
    'output_audio', 'inner_output_audio',
] %}
with told as (
    select
        *,
        row_number() over (
            partition by project_id, observation_id
            order by {{ told_instant('ingested_text') }} desc nulls last, file_path, landed_row
        ) as copy_number
    from {{ ref('stg_langfuse__observations_told') }}
),

typed as (
    select
        *,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ told_instant('ingested_text') }} as ingested_at,
        {{ told_cost('reported_amount_text') }} as reported_cost_amount,
        coalesce({{ as_count('input_text') }}, {{ as_count('old_input') }}) as input_count,
        coalesce({{ as_count('output_text') }}, case when input_text is null then {{ as_count('old_output') }} end) as output_count,
        coalesce({{ as_count('total_text') }}, case when input_text is null and output_text is null then {{ as_count('old_total') }} end) as total_count,
        {% for name in counts -%}
        cast(coalesce({{ as_count(name ~ '_text') }}, 0) as bigint) as {{ name }}_count,
        {% endfor -%}
        {{ as_count('searches_text') }} as web_searches
    from told
),

used as (
    select
        *,
        cast(coalesce(input_count, 0) as bigint) + coalesce(output_count, 0) + coalesce(total_count, 0)
        {% for name in counts %} + {{ name }}_count{% endfor %} > 0 as has_tokens
    from typed
),

detailed as (
    select
        *,
        case when has_tokens then input_count end as told_input,
        case when has_tokens then output_count end as told_output,
        case when has_tokens then total_count end as told_total,
        nullif(read_count + inner_read_count, 0) as cache_read_tokens,
        nullif(write_5m_count, 0) as cache_write_5m_tokens,
        nullif(write_1h_count, 0) as cache_write_1h_tokens,
        nullif(greatest(writes_count - write_5m_count - write_1h_count, 0), 0) as cache_write_unknown_tokens,
        nullif(reasoning_count + inner_reasoning_count, 0) as reasoning_tokens,
        read_count + inner_read_count + greatest(writes_count, write_5m_count + write_1h_count)
        + input_audio_count + inner_input_audio_count as input_details,
        reasoning_count + inner_reasoning_count + output_audio_count + inner_output_audio_count as output_details
    from used
),

sided as (
    select
        *,
        {{ detail_sides('inner_read_count + inner_input_audio_count > 0', 'inner_reasoning_count + inner_output_audio_count > 0') }}
    from detailed
),

counted as (
    select
        *,
        {{ token_buckets() }}
    from sided
)

select * from counted
