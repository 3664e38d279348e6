{{ config(materialized='table') }}
{% set counts = {} %}
{% for text, name in {
    'input': 'input_tokens', 'output': 'output_tokens', 'total': 'total_tokens', 'read': 'cache_read_tokens',
    'inner_read': 'cache_read_tokens', 'writes': 'cache_write_unknown_tokens', 'write_5m': 'cache_write_5m_tokens',
    'write_1h': 'cache_write_1h_tokens', 'reasoning': 'reasoning_tokens', 'inner_reasoning': 'reasoning_tokens', 'searches': 'quantity',
}.items() %}{% do counts.update({text ~ '_text': name}) %}{% endfor %}
{# Only leaves are calls: spans, tools, chains and agents repeat the sums of what is below them, and so does a generation
   around a metered generation. #}
{% set rules = producer_rules(
    counts,
    {
        'excluded_not_a_call': "coalesce(observation_type, '') not in ('GENERATION', 'EMBEDDING') and not has_tokens",
        'excluded_rollup': "coalesce(observation_type, '') not in ('GENERATION', 'EMBEDDING')",
        'excluded_wrapper': 'is_wrapper',
    },
    'observation_id is not null and copy_number > 1',
) %}
with counted as (
    select * from {{ ref('stg_langfuse__observations_counted') }}
),

wrappers as (
    select * from {{ ref('stg_langfuse__wrappers') }}
),

default_providers as (
    select
        reported_model,
        {{ first_by('provider', 'provider') }} as provider
    from {{ ref('model_aliases') }}
    where is_default_provider
    group by reported_model
),

labels as (
    select * from {{ ref('stg_langfuse__labels') }}
),

{{ map_labels() }},

described as (
    select
        counted.*,
        counted.observation_id as request_id,
        wrappers.observation_id is not null as is_wrapper,
        default_providers.provider as model_provider,
        {{ mapped_columns(
            {
                'environment': 'counted.told_environment', 'tenant_id': 'counted.user_id',
                'prompt_version': 'counted.told_prompt_version', 'session_id': 'counted.told_session_id',
            },
            ['provider', 'session_id'],
        ) }}
    from counted
    left join wrappers
        on
            counted.project_id = wrappers.project_id
            and counted.trace_id = wrappers.trace_id
            and counted.observation_id = wrappers.observation_id
    left join default_providers on lower(counted.model) = default_providers.reported_model
    {{ join_mapped('counted') }}
),

judged as (
    select
        feed as source_system,
        {{ usage_event({
            'as_named': mapped_names() + counted_names() + ['ingested_at', 'session_id', 'trace_id', 'web_searches'],
            'span_id': 'observation_id', 'usage_json': audio_quantities('input_audio_count + inner_input_audio_count', 'output_audio_count + inner_output_audio_count'), 'provider': "coalesce(provider, model_provider, 'not_told')",
            'reported_model': "coalesce(model, 'not_told')", 'requests': '1',
            'endpoint': "case when observation_type = 'EMBEDDING' then 'embeddings' else 'chat' end",
            'status': "case when level = 'ERROR' then 'error' else 'success' end",
            'reported_cost_currency': "case when reported_cost_amount is not null then 'USD' end",
        }) }}
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from described
)

select * from judged
