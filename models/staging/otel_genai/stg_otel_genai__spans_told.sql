{{ config(materialized='table') }}
{# Names of two dialects and of older versions; the first that is told counts. #}
{% set attributes = {
    'operation': ['gen_ai.operation.name', 'llm.request.type'],
    'provider': ['gen_ai.provider.name', 'gen_ai.system'],
    'model': ['gen_ai.response.model', 'gen_ai.request.model'],
    'response_id': ['gen_ai.response.id'],
    'service_tier': ['openai.response.service_tier', 'anthropic.response.service_tier', 'gen_ai.openai.response.service_tier'],
    'error_type': ['error.type'],
    'input_text': ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
    'output_text': ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
    'total_text': ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
    'read_text': ['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
    'write_5m_text': ['anthropic.usage.cache_creation.ephemeral_5m_input_tokens'],
    'write_1h_text': ['anthropic.usage.cache_creation.ephemeral_1h_input_tokens'],
    'all_writes_text': ['gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'],
    'reasoning_text': ['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens'],
} %}
{% set span = {
    'trace_id': 'traceId', 'span_id': 'spanId', 'parent_span_id': 'parentSpanId', 'timestamp_text': 'startTimeUnixNano',
    'ended_text': 'endTimeUnixNano', 'status_code': 'status.code',
} %}
with landed as (
    select
        *,
        {{ json_texts('raw_text', json_paths(span)) }} as texts
    from {{ ref('stg_otel_genai__spans_landed') }}
),

attributes as (
    select * from {{ ref('stg_otel_genai__attributes') }} where not is_resource
),

pivoted as (
    select
        file_path,
        landed_row,
        {% for name, keys in attributes.items() -%}
        coalesce(
            {%- for key in keys %}max(case when attribute = '{{ key }}' then attribute_value end){{ ', ' if not loop.last }}{% endfor -%}
            {{ ', null' if keys | length == 1 }}) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from attributes
    group by file_path, landed_row
),

named as (
    select
        landed.file_path,
        landed.landed_row,
        landed.raw_text is null as is_malformed,
        {{ json_is_object('landed.raw_text') }} as is_object,
        landed.is_span,
        coalesce(landed.scope_name, '') as scope_name,
        {{ named_items('landed.texts', span) }}
        {% for name in attributes -%}
        pivoted.{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from landed
    left join pivoted on landed.landed_row = pivoted.landed_row and landed.file_path = pivoted.file_path
),

{# A vendor's own SDK knows the time to live and the tier; then the official instrumentation, then any other. #}
ranked as (
    select
        *,
        concat(
            case
                when {{ matches('scope_name', '(com|ai|org|io)[.].*sdk.*') }} then '1 '
                when starts_with(scope_name, 'opentelemetry.instrumentation.genai.') then '2 '
                when starts_with(scope_name, 'opentelemetry.instrumentation.') then '3 '
                else '4 '
            end,
            scope_name
        ) as scope_rank,
        coalesce(operation in ('chat', 'generate_content', 'text_completion', 'embeddings', 'completion', 'embedding'), false) as is_call,
        row_number() over (partition by trace_id, span_id order by ended_text desc nulls last, file_path, landed_row) as copy_number
    from named
),

scoped as (
    select
        *,
        case
            when is_call and copy_number = 1 and response_id is not null
                then min(scope_rank) over (partition by trace_id, response_id, is_call, copy_number)
        end as kept_scope_rank
    from ranked
)

select * from scoped
