{{ config(materialized='table') }}
{% set columns = [
    'shared_cost_id', 'pool', 'layer', 'period_start', 'period_end', 'amount', 'currency', 'vendor',
    'invoice_id', 'billing_account_id', 'environment', 'capacity_quantity', 'capacity_unit', 'ingested_at',
] %}
{% set required = ['shared_cost_id', 'pool', 'layer', 'period_start', 'period_end', 'amount', 'currency'] %}
{% set typed_columns = ['period_start', 'period_end', 'amount', 'capacity_quantity', 'ingested_at'] %}
{% set rules = {
    'wrong_column_count': 'has_wrong_column_count',
    'missing_shared_cost_id': 'shared_cost_id is null',
    'bad_shared_cost_id': 'not ' ~ is_id('shared_cost_id'),
    'missing_pool': 'pool is null',
    'unknown_layer': "not coalesce(layer in ('" ~ cost_layers() | join("', '") ~ "'), false)",
    'missing_timestamp': 'period_start_text is null or period_end_text is null',
    'bad_timestamp': '(period_start_text is not null and period_start is null) or (period_end_text is not null and period_end is null) or (ingested_at_text is not null and ingested_at is null)',
    'bad_interval': 'period_end <= period_start',
    'bad_quantity': '(capacity_quantity_text is not null and capacity_quantity is null)',
    'bad_amount': 'amount is null',
    'bad_currency': 'not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    {{ csv_rows('shared_costs', columns, required) }}
),

named as (
    select
        {% for column in columns -%}
        {{ clean_text(column) }} as {{ column }}{{ '_text' if column in typed_columns }},
        {% endfor -%}
        has_wrong_column_count,
        raw_text,
        file_path,
        landed_row
    from landed
),

typed as (
    select
        *,
        {{ as_day('period_start_text') }} as period_start,
        {{ as_day('period_end_text') }} as period_end,
        {{ as_amount('amount_text') }} as amount,
        case when {{ matches('capacity_quantity_text', '-?(0|[1-9][0-9]{0,13})([.][0-9]{1,6})?') }} then cast(capacity_quantity_text as decimal(20, 6)) end as capacity_quantity,
        {{ as_instant('ingested_at_text') }} as ingested_at
    from named
),

judged as (
    select
        'canonical' as source_system,
        shared_cost_id,
        pool,
        layer,
        period_start,
        period_end,
        amount,
        currency,
        vendor,
        invoice_id,
        billing_account_id,
        environment,
        capacity_quantity,
        capacity_unit,
        ingested_at,
        raw_text,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
