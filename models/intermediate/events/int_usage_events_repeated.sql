{{ config(materialized='table') }}
{# Only keys that occur more than once are ranked: sorting every call to find a few copies would cost more than pricing. #}
with judged as (
    select * from {{ ref('int_usage_events_judged') }} where reject_reason is null
),

repeated_hashes as (
    select key_hash
    from judged
    group by key_hash
    having count(*) > 1
),

suspects as (
    select
        judged.source_system,
        judged.provider,
        judged.billing_account_id,
        judged.request_id,
        judged.ingested_at,
        judged.file_path,
        judged.landed_row,
        {{ text_key(usage_event_key('judged')) }} as call_key,
        {{ text_key(usage_event_content('judged')) }} as content_hash,
        {{ text_key(usage_event_metered('judged')) }} as metered_hash
    from judged
    inner join repeated_hashes on judged.key_hash = repeated_hashes.key_hash
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
