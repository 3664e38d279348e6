{{ config(materialized='table') }}
{% set texts = {
    'line_id': 'line_id', 'provider': 'provider', 'billing_account_id': 'billing_account_id',
    'starts_text': 'period_start', 'ends_text': 'period_end', 'model': 'model', 'meter': 'meter',
    'service_tier': 'service_tier', 'quantity_text': 'quantity', 'quantity_unit': 'quantity_unit',
    'amount_text': 'amount', 'currency': 'currency', 'project_id': 'project_id', 'api_key_id': 'api_key_id',
    'ingested_text': 'ingested_at',
} %}
{% set values = {'line_id_json': 'line_id'} %}
{% set rules = {
    'malformed_json': 'is_malformed',
    'not_an_object': 'not is_object',
    'missing_line_id': 'line_id is null',
    'bad_line_id': 'not ' ~ is_id('line_id') ~ ' or ' ~ is_no_text('line_id_json'),
    'missing_provider': 'provider is null',
    'missing_billing_account_id': 'billing_account_id is null',
    'missing_timestamp': 'starts_text is null or ends_text is null',
    'bad_timestamp': 'period_start is null or period_end is null or (ingested_text is not null and ingested_at is null)',
    'bad_interval': 'period_end <= period_start',
    'bad_quantity': 'quantity_text is not null and quantity is null',
    'bad_amount': 'amount_text is not null and amount is null',
    'bad_currency': 'amount is not null and not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    select * from {{ ref('stg_canonical__provider_usage_landed') }}
),

extracted as (
    select
        *,
        {{ json_texts('raw_text', json_paths(texts)) }} as texts,
        {{ json_values('raw_text', json_paths(values)) }} as json_parts
    from landed
),

named as (
    select
        {{ named_items('texts', texts) }}
        {{ named_values('json_parts', values) }}
        {{ json_is_object('raw_text') }} as is_object,
        is_malformed,
        file_path,
        landed_row
    from extracted
    union all
    {{ parquet_texts('provider_usage', dict(texts, **values)) }}
),

typed as (
    select
        *,
        coalesce({{ as_instant('starts_text') }}, cast({{ as_day('starts_text') }} as timestamp)) as period_start,
        coalesce({{ as_instant('ends_text') }}, cast({{ as_day('ends_text') }} as timestamp)) as period_end,
        {{ as_instant('ingested_text') }} as ingested_at,
        case when {{ matches('quantity_text', '-?(0|[1-9][0-9]{0,13})([.][0-9]{1,6})?') }} then cast(quantity_text as decimal(20, 6)) end as quantity,
        {{ as_amount('amount_text') }} as amount
    from named
),

judged as (
    select
        'canonical' as source_system,
        line_id,
        provider,
        billing_account_id,
        period_start,
        period_end,
        model,
        meter,
        coalesce(service_tier, 'standard') as service_tier,
        quantity,
        quantity_unit,
        amount,
        currency,
        project_id,
        api_key_id,
        ingested_at,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
