{{ config(materialized='table') }}
{# One report result, typed. Older reports give all input and its cached part only: what is neither cached nor written is
   uncached. A dimension is null unless the report was grouped by it. #}
{% set dimensions = {
    'project_id': 'project_id', 'user_id': 'user_id', 'api_key_id': 'api_key_id', 'model': 'model', 'batch_text': 'batch',
    'tier_text': 'service_tier', 'line_item': 'line_item', 'vector_store_id': 'vector_store_id', 'image_size': 'size',
    'image_source': 'source', 'context_level': 'context_level',
} %}
{% set measures = {
    'input_quantity': 'input_tokens', 'told_uncached_quantity': 'input_uncached_tokens', 'cached_quantity': 'input_cached_tokens',
    'write_quantity': 'input_cache_write_tokens', 'output_quantity': 'output_tokens', 'model_requests': 'num_model_requests',
    'search_requests': 'num_requests', 'images': 'images', 'seconds': 'seconds', 'characters': 'characters',
    'sessions': 'num_sessions', 'stored_bytes': 'usage_bytes', 'cost_quantity': 'quantity',
} %}
{% set texts = {'report_object': 'object', 'amount_text': 'amount.value', 'currency_text': 'amount.currency', 'cost_quantity_unit': 'quantity_unit'} %}
{% do texts.update(dimensions) %}
{% do texts.update({'user_text': texts.pop('user_id')}) %}
{% set measure_texts = {} %}
{% for name, path in measures.items() %}{% do measure_texts.update({name ~ '_text': path}) %}{% endfor %}
{% do texts.update(measure_texts) %}
{% set bad_measures = [] %}
{% for name in measures %}{% do bad_measures.append('(' ~ name ~ '_text is not null and ' ~ name ~ ' is null)') %}{% endfor %}
{% set rules = {
    'malformed_json': 'raw_text is null',
    'unknown_report': "not is_result or report_kind is null",
    'missing_timestamp': 'starts_text is null or ends_text is null',
    'bad_timestamp': 'period_start is null or period_end is null or (ingested_text is not null and ingested_at is null)',
    'bad_interval': 'period_end <= period_start',
    'bad_quantity': bad_measures | join(' or '),
    'total_mismatch': 'input_quantity <> uncached_quantity + coalesce(cached_quantity, 0) + coalesce(write_quantity, 0) or uncached_quantity < 0',
    'bad_amount': "report_kind = 'costs' and amount is null",
    'bad_currency': "report_kind = 'costs' and not coalesce(" ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    select * from {{ ref('stg_openai__results_landed') }}
),

extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(texts)) }} as texts
    from landed
),

named as (
    select
        {{ named_items('texts', texts) }}
        feed,
        file_path,
        landed_row,
        is_result,
        raw_text,
        starts_text,
        ends_text,
        ingested_text
    from extracted
),

typed as (
    select
        *,
        case
            when report_object = 'organization.costs.result' then 'costs'
            {% for kind in openai_meters() -%}
            when report_object = 'organization.usage.{{ kind }}.result' then '{{ kind }}'
            {% endfor -%}
        end as report_kind,
        case when {{ matches('starts_text', '[0-9]{9,10}') }} then {{ from_epoch_micros('cast(starts_text as bigint) * 1000000') }} end as period_start,
        case when {{ matches('ends_text', '[0-9]{9,10}') }} then {{ from_epoch_micros('cast(ends_text as bigint) * 1000000') }} end as period_end,
        {{ pseudonym('user_text') }} as user_id,
        {{ as_instant('ingested_text') }} as ingested_at,
        {% for name in measures -%}
        {{ as_quantity(name ~ '_text') if name == 'cost_quantity' else as_whole(name ~ '_text') }} as {{ name }},
        {% endfor -%}
        {{ as_billed('amount_text') }} as amount,
        upper(currency_text) as currency,
        lower(case when position(' | ' in line_item) > 0 then {{ split_item('line_item', '|', 1) }} end) as line_item_tier,
        case when position(' | ' in line_item) > 0 then {{ split_item('line_item', '|', 2) }} else line_item end as item
    from named
),

parsed as (
    select
        *,
        coalesce(told_uncached_quantity, input_quantity - coalesce(cached_quantity, 0) - coalesce(write_quantity, 0)) as uncached_quantity,
        {{ line_item_model('item') }} as item_model
    from typed
),

judged as (
    select
        feed,
        report_kind,
        period_start,
        period_end,
        {{ dimensions | join(',\n        ') }},
        item_model,
        line_item_tier,
        lower(trim(case when item_model is null then item else substring(item, length(item_model) + 1) end)) as item_words,
        uncached_quantity,
        {% for name in measures if name != 'told_uncached_quantity' -%}
        {{ name }},
        {% endfor -%}
        cost_quantity_unit,
        amount,
        currency,
        ingested_at,
        file_path,
        landed_row,
        {{ text_key(['feed', 'report_object', 'starts_text', 'ends_text'] + dimensions | list) }} as report_key,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from parsed
)

select * from judged
