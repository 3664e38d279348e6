{{ config(materialized='table') }}
{# Only keys that occur more than once are ranked: sorting every call to find a few copies would cost more than pricing. #}
with unioned as (
    select * from {{ ref('int_usage_events_unioned') }}
),

rejected as (
    select * from {{ ref('int_usage_events_rejected') }}
),

accepted as (
    select unioned.*
    from unioned
    left join rejected
        on
            unioned.landed_row = rejected.landed_row
            and unioned.file_path = rejected.file_path
            and unioned.source_system = rejected.source_system
    where rejected.landed_row is null
),

repeated_hashes as (
    select {{ key_hash(usage_event_key('accepted')[-1:]) }} as key_hash
    from accepted
    group by 1
    having count(*) > 1
),

suspects as (
    select
        accepted.source_system,
        accepted.provider,
        accepted.billing_account_id,
        accepted.request_id,
        accepted.ingested_at,
        accepted.file_path,
        accepted.landed_row,
        {{ text_key(usage_event_key('accepted')) }} as call_key,
        {{ text_key(usage_event_content('accepted')) }} as content_hash,
        {{ text_key(usage_event_metered('accepted')) }} as metered_hash
    from accepted
    inner join repeated_hashes on {{ key_hash(usage_event_key('accepted')[-1:]) }} = repeated_hashes.key_hash
),

{# What is said again was known when it was said first. #}
dated as (
    select
        *,
        max(ingested_at) over (partition by call_key, content_hash) as last_said_at
    from suspects
),

{# The content said last wins, then the feed that tells more, then the content's hash: never the order of reading. #}
ranked as (
    select
        *,
        row_number() over (
            partition by call_key
            order by last_said_at desc nulls last, source_system, content_hash, ingested_at nulls first, file_path, landed_row
        ) as copy_number,
        count(*) over (partition by call_key) as copies,
        case
            when min(source_system) over (partition by call_key) = max(source_system) over (partition by call_key)
                then min(content_hash) over (partition by call_key) <> max(content_hash) over (partition by call_key)
            else min(metered_hash) over (partition by call_key) <> max(metered_hash) over (partition by call_key)
        end as is_conflict
    from dated
)

select * from ranked where copies > 1
