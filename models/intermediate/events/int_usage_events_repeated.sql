{{ config(materialized='table') }}
{% set order = 'ingested_at nulls first, source_system desc, content_hash desc, file_path, landed_row' %}
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
        accepted.file_path,
        accepted.landed_row,
        {% for column in usage_event_columns() -%}
        accepted.{{ column }},
        {% endfor -%}
        {{ text_key(usage_event_key('accepted')) }} as call_key,
        {{ text_key(usage_event_content('accepted')) }} as content_hash,
        {{ text_key(usage_event_metered('accepted')) }} as metered_hash
    from accepted
    inner join repeated_hashes on {{ key_hash(usage_event_key('accepted')[-1:]) }} = repeated_hashes.key_hash
),

{# In the order in which they were said; of what was said at once the feed that tells more comes last, then the content's
   hash: never the order of reading. Equal copies in a row are one version, known when it was said first. #}
told as (
    select
        *,
        row_number() over (partition by call_key order by {{ order }}) as turn,
        case when lag(content_hash) over (partition by call_key order by {{ order }}) = content_hash then 0 else 1 end as is_new
    from suspects
),

versioned as (
    select
        *,
        sum(is_new) over (partition by call_key order by turn rows between unbounded preceding and current row) as version_number
    from told
),

{# The last version counts; an earlier one counted until the next was known. #}
ranked as (
    select
        *,
        row_number() over (
            partition by call_key
            order by version_number desc, ingested_at nulls first, source_system, file_path, landed_row
        ) as copy_number,
        case when is_new = 1 then lead(ingested_at) over (partition by call_key, is_new order by turn) end as replaced_at,
        count(*) over (partition by call_key) as copies,
        case
            when min(source_system) over (partition by call_key) = max(source_system) over (partition by call_key)
                then min(content_hash) over (partition by call_key) <> max(content_hash) over (partition by call_key)
            else min(metered_hash) over (partition by call_key) <> max(metered_hash) over (partition by call_key)
        end as is_conflict
    from versioned
)

select * from ranked where copies > 1
