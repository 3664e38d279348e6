{{ config(materialized='table') }}
{# One report result, typed. A dimension is null unless the report was grouped by it, and a null workspace is then the
   default one. The Enterprise report gives the amount after discount and the list amount beside it. #}
{% set dimensions = {
    'api_key_id': 'api_key_id', 'workspace_id': 'workspace_id', 'model': 'model', 'tier_text': 'service_tier',
    'context_window': 'context_window', 'inference_geo': 'inference_geo', 'speed': 'speed', 'account_id': 'account_id',
    'service_account_id': 'service_account_id', 'product': 'product', 'rbac_group_id': 'rbac_group_id',
    'tag_category': 'claude_tag_category', 'tag_user_id': 'claude_tag_user_id', 'description': 'description',
    'cost_type': 'cost_type', 'token_type': 'token_type',
} %}
{% set measures = {
    'uncached_quantity': 'uncached_input_tokens', 'read_quantity': 'cache_read_input_tokens',
    'write_5m_quantity': 'cache_creation.ephemeral_5m_input_tokens', 'write_1h_quantity': 'cache_creation.ephemeral_1h_input_tokens',
    'output_quantity': 'output_tokens', 'search_quantity': 'server_tool_use.web_search_requests', 'requests': 'requests',
} %}
{% set texts = {'amount_text': 'amount', 'list_amount_text': 'list_amount', 'currency_text': 'currency'} %}
{% do texts.update(dimensions) %}
{% do texts.update({'tag_user_text': texts.pop('tag_user_id')}) %}
{% for name, path in measures.items() %}{% do texts.update({name ~ '_text': path}) %}{% endfor %}
{% set bad_measures = [] %}
{% for name in measures %}{% do bad_measures.append('(' ~ name ~ '_text is not null and ' ~ name ~ ' is null)') %}{% endfor %}
{% set rules = {
    'malformed_json': 'raw_text is null',
    'unknown_report': 'not is_result or (is_cost and amount_text is null) or (not is_cost and uncached_quantity_text is null and output_quantity_text is null)',
    'missing_timestamp': 'starts_text is null or ends_text is null',
    'bad_timestamp': 'period_start is null or period_end is null or (ingested_text is not null and ingested_at is null)',
    'bad_interval': 'period_end <= period_start',
    'bad_quantity': bad_measures | join(' or '),
    'bad_amount': '(amount_text is not null and amount is null) or (list_amount_text is not null and list_amount is null)',
    'bad_currency': 'is_cost and not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    select * from {{ ref('stg_anthropic__results_landed') }}
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
        feed = 'anthropic_costs' as is_cost,
        {{ as_instant('starts_text') }} as period_start,
        {{ as_instant('ends_text') }} as period_end,
        {{ pseudonym('tag_user_text') }} as tag_user_id,
        {{ as_instant('ingested_text') }} as ingested_at,
        {% for name in measures -%}
        {{ as_whole(name ~ '_text') }} as {{ name }},
        {% endfor -%}
        {{ as_cents('amount_text') }} as amount,
        {{ as_cents('list_amount_text') }} as list_amount,
        upper(currency_text) as currency
    from named
),

judged as (
    select
        feed,
        is_cost,
        period_start,
        period_end,
        {{ dimensions | join(',\n        ') }},
        {{ measures | join(',\n        ') }},
        amount,
        list_amount,
        currency,
        ingested_at,
        file_path,
        landed_row,
        {{ text_key(['feed', 'starts_text', 'ends_text'] + dimensions | list) }} as report_key,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
