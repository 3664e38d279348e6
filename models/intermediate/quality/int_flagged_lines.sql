{# What the text of a call shows and its fields do not. Fields that the contract does not know are looked at by name only. #}
{% set personal = 'prompt|messages|completion|email|user_email|user_name|phone|password|authorization' %}
with landed as (
    select * from {{ ref('stg_canonical__usage_events_landed') }}
),

calls as (
    select * from {{ ref('int_usage_events') }} where source_system = 'canonical'
),

outcomes as (
    select * from {{ ref('int_unit_events') }} where event_type = 'outcome'
),

lines as (
    select
        file_path,
        landed_row,
        {{ has_repeated_items(json_keys_of('raw_text')) }} as has_repeated_field,
        {{ contains_pattern('raw_text', '"event_version" *: *"') }}
        and not {{ contains_pattern('raw_text', '"event_version" *: *"2026-05-11"') }} as has_unknown_version,
        {{ contains_pattern('raw_text', '[\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]|\\\\u(202[A-Ea-e]|206[6-9])') }} as has_odd_text,
        {{ contains_pattern('raw_text', '"(' ~ personal ~ ')" *:') }} as has_personal_field
    from landed
    where {{ json_is_object('raw_text') }}
),

flagged as (
    {% for flag, column in {
        'duplicate_json_key': 'has_repeated_field', 'unknown_version': 'has_unknown_version',
        'odd_text': 'has_odd_text', 'pii_suspect': 'has_personal_field',
    }.items() %}
    select
        '{{ flag }}' as flag,
        'ai_usage_events' as feed,
        lines.file_path as subject,
        calls.occurred_at
    from lines
    inner join calls on lines.landed_row = calls.landed_row and lines.file_path = calls.file_path
    where lines.{{ column }}
    union all
    {% endfor %}
    select
        'retry_chain' as flag,
        'ai_usage_events' as feed,
        file_path as subject,
        occurred_at
    from calls
    where retry_of_request_id = request_id or attempt_number > 20
    union all
    select
        'outcome_conflict' as flag,
        'unit_events' as feed,
        concat(unit_type, '/', unit_id) as subject,
        occurred_at
    from outcomes
    group by environment, unit_type, unit_id, occurred_at
    having min(outcome) <> max(outcome)
),

counted as (
    select
        flag,
        feed,
        subject,
        count(*) as records,
        cast(0 as decimal(38, 12)) as cost_usd,
        min(occurred_at) as first_seen_at
    from flagged
    group by flag, feed, subject
)

select * from counted
