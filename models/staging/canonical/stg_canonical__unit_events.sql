{{ config(materialized='table') }}
{% set texts = {
    'unit_type': 'unit_type', 'unit_id': 'unit_id', 'environment': 'environment', 'application': 'application',
    'event_type': 'event_type', 'outcome': 'outcome', 'occurred_text': 'occurred_at',
    'ingested_text': 'ingested_at', 'event_id': 'event_id', 'tenant_id': 'tenant_id', 'team': 'team',
    'cost_center': 'cost_center', 'workflow': 'workflow', 'agent_id': 'agent_id',
    'escalation_reason': 'escalation_reason', 'value_text': 'value_amount', 'value_currency': 'value_currency',
    'cohort': 'cohort',
} %}
{% set values = {
    'csat_text': 'csat', 'attributes': 'attributes', 'unit_type_json': 'unit_type', 'unit_id_json': 'unit_id',
} %}
{% set rules = {
    'malformed_json': 'is_malformed',
    'not_an_object': 'not is_object',
    'missing_unit_type': 'unit_type is null',
    'bad_unit_type': 'not ' ~ is_id('unit_type') ~ ' or ' ~ is_no_text('unit_type_json'),
    'missing_unit_id': 'unit_id is null',
    'bad_unit_id': 'not ' ~ is_id('unit_id') ~ ' or ' ~ is_no_text('unit_id_json'),
    'unknown_event_type': "coalesce(event_type, '') not in ('opened', 'outcome', 'reopened', 'cancelled')",
    'missing_outcome': "event_type = 'outcome' and outcome is null",
    'missing_timestamp': 'occurred_text is null',
    'tzless_timestamp': is_zoneless_instant('occurred_text'),
    'bad_timestamp': 'occurred_at is null or (ingested_text is not null and ingested_at is null)',
    'bad_amount': 'value_text is not null and value_amount is null',
    'bad_currency': 'value_amount is not null and not coalesce(' ~ is_currency('value_currency') ~ ', false)',
    'bad_csat': 'csat_text is not null and (csat is null or csat > 1)',
} %}
with landed as (
    select * from {{ ref('stg_canonical__unit_events_landed') }}
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
    {{ parquet_texts('unit_events', dict(texts, **values)) }}
),

typed as (
    select
        *,
        {{ as_instant('occurred_text') }} as occurred_at,
        {{ as_instant('ingested_text') }} as ingested_at,
        {{ as_amount('value_text') }} as value_amount,
        case when {{ matches('csat_text', '0|1|[01][.][0-9]{1,6}') }} then cast(csat_text as decimal(9, 6)) end as csat
    from named
),

judged as (
    select
        'canonical' as source_system,
        unit_type,
        unit_id,
        environment,
        application,
        event_type,
        outcome,
        occurred_at,
        ingested_at,
        event_id,
        tenant_id,
        team,
        cost_center,
        workflow,
        agent_id,
        escalation_reason,
        csat,
        value_amount,
        value_currency,
        cohort,
        attributes,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
