{# Each rejected record with all its reasons and its key for a waiver: file, hash of the line, occurrence. #}
with reasons as (
    select * from {{ ref('reject_reasons') }}
),

{# What a producer's rules exclude is no reject: nothing about it is to be corrected or waived. #}
usage_rejects as (
    select
        {{ usage_feed('rejected.source_system') }} as feed,
        rejected.file_path,
        rejected.landed_row,
        rejected.reject_reason,
        {{ with_reason('rejected.reject_reasons', 'rejected.reject_reason') }} as reject_reasons
    from {{ ref('int_usage_events_rejected') }} as rejected
    left join reasons on rejected.reject_reason = reasons.reject_reason
    where coalesce(reasons.reason_class, 'rejected') = 'rejected'
),

other_rejects as (
    {% for feed in canonical_feeds() if feed != 'ai_usage_events' %}
    select distinct
        {{ feed_of_records(feed) }} as feed,
        file_path,
        landed_row,
        final_reason as reject_reason,
        {{ with_reason('reject_reasons', 'final_reason') }} as reject_reasons
    from {{ ref('int_' ~ feed ~ '_resolved') }}
    where record_status = 'quarantined'{{ ' and ' ~ is_own_record(feed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rejects as (
    select * from usage_rejects
    union all
    select other_rejects.*
    from other_rejects
    left join reasons on other_rejects.reject_reason = reasons.reject_reason
    where coalesce(reasons.reason_class, 'rejected') = 'rejected'
),

texts as (
    {% for feed, format in canonical_feeds().items() if format == 'json' %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row,
        raw_text
    from {{ ref('stg_canonical__' ~ ('usage_events' if feed == 'ai_usage_events' else feed) ~ '_landed') }}
    union all
    {% endfor %}
    {% for feed, format in canonical_feeds().items() if format == 'csv' %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row,
        raw_text
    from {{ ref('stg_canonical__' ~ feed) }}
    where reject_reason is not null
    union all
    {% endfor %}
    {% for model in usage_producer_models('landed') + report_models('landed') %}
    select
        feed,
        file_path,
        landed_row,
        raw_text
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{# A malformed line has no text of its own: the texts found in its file are given out in a fixed order. #}
malformed as (
    select * from {{ ref('stg_canonical__malformed_lines') }}
),

numbered as (
    select
        *,
        row_number() over (partition by feed, file_path, reject_reason order by landed_row) as reject_number
    from rejects
),

identified as (
    select
        numbered.feed,
        numbered.file_path,
        numbered.landed_row,
        numbered.reject_reason,
        numbered.reject_reasons,
        coalesce(texts.raw_text, malformed.line_text) as raw_text,
        {# The path below the feed's folder: a waiver stays valid where the folder moves. #}
        concat(
            numbered.feed, '/',
            md5(concat(coalesce(texts.raw_text, malformed.line_text, ''), '|', {{ path_below_feed('numbered.feed', 'numbered.file_path') }})), '/'
        ) as line_key
    from numbered
    left join texts
        on numbered.feed = texts.feed and numbered.file_path = texts.file_path and numbered.landed_row = texts.landed_row
    left join malformed
        on
            numbered.feed = malformed.feed
            and numbered.file_path = malformed.file_path
            and numbered.reject_number = malformed.line_number
            and numbered.reject_reason = 'malformed_json'
),

keyed as (
    select
        feed,
        file_path,
        reject_reason,
        reject_reasons,
        raw_text,
        concat(line_key, cast(row_number() over (partition by line_key order by landed_row) as {{ dbt.type_string() }})) as record_key
    from identified
)

select * from keyed
