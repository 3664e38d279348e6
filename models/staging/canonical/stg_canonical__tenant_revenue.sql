{{ config(materialized='table') }}
{% set columns = [
    'tenant_id', 'period_start', 'period_end', 'revenue_amount', 'currency', 'product',
] %}
{% set required = ['tenant_id', 'period_start', 'period_end', 'revenue_amount', 'currency'] %}
{% set typed_columns = ['period_start', 'period_end', 'revenue_amount'] %}
{% set rules = {
    'wrong_column_count': 'has_wrong_column_count',
    'missing_tenant_id': 'tenant_id is null',
    'bad_tenant_id': 'not ' ~ is_id('tenant_id'),
    'missing_timestamp': 'period_start_text is null or period_end_text is null',
    'bad_timestamp': '(period_start_text is not null and period_start is null) or (period_end_text is not null and period_end is null)',
    'bad_interval': 'period_end <= period_start',
    'bad_amount': 'revenue_amount is null',
    'bad_currency': 'not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    {{ csv_rows('tenant_revenue', columns, required) }}
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
        {{ as_amount('revenue_amount_text') }} as revenue_amount
    from named
),

judged as (
    select
        'canonical' as source_system,
        tenant_id,
        period_start,
        period_end,
        revenue_amount,
        currency,
        product,
        raw_text,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
