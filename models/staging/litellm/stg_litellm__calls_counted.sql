{# The call's own counts. Rows that the gateway derives from a call (a hit of its cache, a job's money, a billed retry) share
   the call's id, so that only their request id names them. Nothing is counted where the model sampled nothing: a failure,
   a stream without usage, or the job's money row, whose tokens are a sum over requests that no context tier may judge. A
   hit of the gateway's own cache buys nothing, and that is known: 0. prompt_tokens includes cached reads and writes,
   whoever the provider is. #}
with told as (
    select * from {{ ref('stg_litellm__calls_told') }}
),

typed as (
    select
        *,
        coalesce(lower(cache_hit_text) = 'true' or {{ matches('request_id', '.*_cache_hit[0-9.]+') }}, false) as is_cache_hit,
        coalesce({{ matches('request_id', '.*_(batch|background)_cost') }}, false) as is_job_cost,
        coalesce({{ matches('request_id', '.*-attempt-[0-9]+') }}, false) as is_billed_retry,
        case when starts_with(lower(model), concat(provider, '/')) then substring(model, length(provider) + 2) else model end as bare_model,
        {{ told_instant('timestamp_text') }} as occurred_at,
        {{ told_instant('ingested_text') }} as ingested_at,
        {{ told_cost('reported_amount_text') }} as reported_cost_amount,
        coalesce({{ as_count('prompt_text') }} > 0 or {{ as_count('completion_text') }} > 0, false) as has_tokens,
        {{ untold_writes() }} as other_writes
    from told
),

flagged as (
    select
        *,
        has_tokens and not is_cache_hit and not is_job_cost as is_metered,
        is_cache_hit or is_job_cost or is_billed_retry as is_derived
    from typed
),

metered as (
    select
        *,
        case when is_metered then {{ as_count('prompt_text') }} when is_cache_hit then 0 end as told_input,
        case when is_metered then {{ as_count('completion_text') }} when is_cache_hit then 0 end as told_output,
        {% for name, text in {
            'told_total': 'total_text', 'cache_read_tokens': 'read_text', 'cache_write_5m_tokens': 'write_5m_text',
            'cache_write_1h_tokens': 'write_1h_text', 'reasoning_tokens': 'thoughts_text', 'web_searches': 'web_searches_text',
        }.items() -%}
        case when is_metered then {{ as_count(text) }} end as {{ name }},
        {% endfor -%}
        case when is_metered then other_writes end as cache_write_unknown_tokens
    from flagged
),

detailed as (
    select
        *,
        {{ cache_details() }} as input_details,
        coalesce(reasoning_tokens, 0) as output_details
    from metered
),

sided as (
    select
        *,
        {{ detail_sides() }}
    from detailed
),

counted as (
    select
        *,
        {{ token_buckets() }}
    from sided
)

select * from counted
