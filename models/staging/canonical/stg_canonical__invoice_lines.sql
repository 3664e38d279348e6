{{ config(materialized='table') }}
{% set columns = [
    'invoice_id', 'invoice_line_id', 'issuer', 'provider', 'billing_account_id', 'billing_period_start',
    'billing_period_end', 'issued_on', 'status', 'line_type', 'model', 'meter', 'service_tier', 'description',
    'quantity', 'quantity_unit', 'unit_price', 'amount', 'currency', 'charge_period_start', 'charge_period_end',
    'reference_invoice_id', 'ingested_at',
] %}
{% set required = [
    'invoice_id', 'invoice_line_id', 'issuer', 'billing_account_id', 'billing_period_start', 'billing_period_end',
    'issued_on', 'line_type', 'amount', 'currency',
] %}
{% set typed_columns = ['billing_period_start', 'billing_period_end', 'issued_on', 'charge_period_start', 'charge_period_end', 'quantity', 'unit_price', 'amount', 'ingested_at'] %}
{% set rules = {
    'wrong_column_count': 'has_wrong_column_count',
    'missing_invoice_id': 'invoice_id is null',
    'bad_invoice_id': 'not ' ~ is_id('invoice_id'),
    'missing_invoice_line_id': 'invoice_line_id is null',
    'bad_invoice_line_id': 'not ' ~ is_id('invoice_line_id'),
    'missing_issuer': 'issuer is null',
    'missing_billing_account_id': 'billing_account_id is null',
    'missing_timestamp': 'billing_period_start_text is null or billing_period_end_text is null or issued_on_text is null',
    'bad_timestamp': '(billing_period_start_text is not null and billing_period_start is null) or (billing_period_end_text is not null and billing_period_end is null) or (issued_on_text is not null and issued_on is null) or (charge_period_start_text is not null and charge_period_start is null) or (charge_period_end_text is not null and charge_period_end is null) or (ingested_at_text is not null and ingested_at is null)',
    'bad_interval': 'billing_period_end <= billing_period_start',
    'unknown_line_type': "not coalesce(line_type in ('usage', 'commitment', 'prepayment', 'credit', 'fee', 'tax', 'rounding', 'adjustment'), false)",
    'unknown_status': "status not in ('issued', 'draft', 'voided')",
    'bad_quantity': '(quantity_text is not null and quantity is null) or (unit_price_text is not null and unit_price is null)',
    'bad_amount': 'amount is null',
    'bad_currency': 'not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    {{ csv_rows('invoice_lines', columns, required) }}
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
        {{ as_day('billing_period_start_text') }} as billing_period_start,
        {{ as_day('billing_period_end_text') }} as billing_period_end,
        {{ as_day('issued_on_text') }} as issued_on,
        {{ as_day('charge_period_start_text') }} as charge_period_start,
        {{ as_day('charge_period_end_text') }} as charge_period_end,
        case when {{ matches('quantity_text', '-?(0|[1-9][0-9]{0,13})([.][0-9]{1,6})?') }} then cast(quantity_text as decimal(20, 6)) end as quantity,
        {{ as_amount('unit_price_text') }} as unit_price,
        {{ as_amount('amount_text') }} as amount,
        {{ as_instant('ingested_at_text') }} as ingested_at
    from named
),

judged as (
    select
        'canonical' as source_system,
        invoice_id,
        invoice_line_id,
        issuer,
        provider,
        billing_account_id,
        billing_period_start,
        billing_period_end,
        issued_on,
        coalesce(status, 'issued') as status,
        line_type,
        model,
        meter,
        coalesce(service_tier, 'standard') as service_tier,
        description,
        quantity,
        quantity_unit,
        unit_price,
        amount,
        currency,
        charge_period_start,
        charge_period_end,
        reference_invoice_id,
        ingested_at,
        raw_text,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
