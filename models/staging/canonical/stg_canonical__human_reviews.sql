{{ config(materialized='table') }}
{% set texts = {
    'review_id': 'review_id', 'unit_type': 'unit_type', 'unit_id': 'unit_id', 'reviewer_role': 'reviewer_role',
    'reviewer_text': 'reviewer_id', 'started_text': 'started_at', 'ended_text': 'ended_at',
    'minutes_text': 'minutes', 'review_result': 'review_result', 'environment': 'environment',
    'ingested_text': 'ingested_at', 'team': 'team',
} %}
{% set values = {'review_id_json': 'review_id', 'unit_type_json': 'unit_type', 'unit_id_json': 'unit_id'} %}
{% set rules = {
    'malformed_json': 'is_malformed',
    'not_an_object': 'not is_object',
    'missing_review_id': 'review_id is null',
    'bad_review_id': 'not ' ~ is_id('review_id') ~ ' or ' ~ is_no_text('review_id_json'),
    'missing_unit_type': 'unit_type is null',
    'bad_unit_type': 'not ' ~ is_id('unit_type') ~ ' or ' ~ is_no_text('unit_type_json'),
    'missing_unit_id': 'unit_id is null',
    'bad_unit_id': 'not ' ~ is_id('unit_id') ~ ' or ' ~ is_no_text('unit_id_json'),
    'missing_reviewer_role': 'reviewer_role is null',
    'missing_timestamp': 'started_text is null',
    'tzless_timestamp': is_zoneless_instant('started_text'),
    'bad_timestamp': 'started_at is null or (ingested_text is not null and ingested_at is null) or (ended_text is not null and ended_at is null)',
    'bad_minutes': '(minutes_text is not null and (minutes is null or minutes > 1440)) or (minutes_text is null and ended_text is null)',
    'bad_interval': 'ended_at < started_at',
} %}
with landed as (
    select * from {{ ref('stg_canonical__human_reviews_landed') }}
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
    {{ parquet_texts('human_reviews', dict(texts, **values)) }}
),

typed as (
    select
        *,
        {{ pseudonym('reviewer_text') }} as reviewer_id,
        {{ as_instant('started_text') }} as started_at,
        {{ as_instant('ended_text') }} as ended_at,
        {{ as_instant('ingested_text') }} as ingested_at,
        case when {{ matches('minutes_text', '(0|[1-9][0-9]{0,6})([.][0-9]{1,6})?') }} then cast(minutes_text as decimal(20, 6)) end as minutes
    from named
),

judged as (
    select
        'canonical' as source_system,
        review_id,
        unit_type,
        unit_id,
        reviewer_role,
        reviewer_id,
        started_at,
        ended_at,
        minutes,
        review_result,
        environment,
        ingested_at,
        team,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from typed
)

select * from judged
