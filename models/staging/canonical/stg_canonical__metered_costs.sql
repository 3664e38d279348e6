{{ config(materialized='table') }}
{% set texts = {
    'charge_id': 'charge_id', 'occurred_text': 'occurred_at', 'layer': 'layer', 'service': 'service',
    'quantity_text': 'quantity', 'quantity_unit': 'quantity_unit', 'amount_text': 'amount',
    'currency': 'currency', 'environment': 'environment', 'application': 'application', 'workflow': 'workflow',
    'step': 'step', 'agent_id': 'agent_id', 'tenant_id': 'tenant_id', 'team': 'team',
    'cost_center': 'cost_center', 'unit_type': 'business_unit.unit_type', 'unit_id': 'business_unit.unit_id',
    'flat_unit_type': 'unit_type', 'flat_unit_id': 'unit_id', 'trace_id': 'trace_id',
    'session_id': 'session_id', 'ingested_text': 'ingested_at',
} %}
{% set values = {'charge_id_json': 'charge_id', 'unit_shares': 'business_units'} %}
{% set rules = {
    'malformed_json': 'is_malformed',
    'not_an_object': 'not is_object',
    'missing_charge_id': 'charge_id is null',
    'bad_charge_id': 'not ' ~ is_id('charge_id') ~ ' or ' ~ is_no_text('charge_id_json'),
    'missing_service': 'service is null',
    'unknown_layer': "not coalesce(layer in ('" ~ cost_layers() | join("', '") ~ "'), false)",
    'missing_timestamp': 'occurred_text is null',
    'tzless_timestamp': is_zoneless_instant('occurred_text'),
    'bad_timestamp': 'occurred_at is null or (ingested_text is not null and ingested_at is null)',
    'bad_quantity': '(quantity_text is not null and quantity is null) or (quantity_text is null and amount_text is null)',
    'bad_amount': 'amount_text is not null and amount is null',
    'bad_currency': 'amount is not null and not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    select * from {{ ref('stg_canonical__metered_costs_landed') }}
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
    {{ parquet_texts('metered_costs', dict(texts, **values)) }}
),

typed as (
    select
        *,
        {{ as_instant('occurred_text') }} as occurred_at,
        {{ as_instant('ingested_text') }} as ingested_at,
        case when {{ matches('quantity_text', '(0|[1-9][0-9]{0,13})([.][0-9]{1,6})?') }} then cast(quantity_text as decimal(20, 6)) end as quantity,
        {{ as_amount('amount_text') }} as amount
    from named
),

judged as (
    select
        'canonical' as source_system,
        charge_id,
        occurred_at,
        layer,
        service,
        quantity,
        quantity_unit,
        amount,
        currency,
        environment,
        application,
        workflow,
        step,
        agent_id,
        tenant_id,
        team,
        cost_center,
        coalesce(unit_type, flat_unit_type) as unit_type,
        coalesce(unit_id, flat_unit_id) as unit_id,
        unit_shares,
        trace_id,
        session_id,
        ingested_at,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
