{# Each rejected record with all its reasons and its key for a waiver: file, hash of the line, occurrence. #}
with usage_rejects as (
    select
        'ai_usage_events' as feed,
        file_path,
        landed_row,
        reject_reason,
        coalesce(reject_reasons, reject_reason || ';') as reject_reasons
    from {{ ref('int_usage_events_judged') }}
    where reject_reason is not null
),

other_rejects as (
    {% for feed in feed_formats() if feed != 'ai_usage_events' %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row,
        final_reason as reject_reason,
        coalesce(reject_reasons, final_reason || ';') as reject_reasons
    from {{ ref('int_' ~ feed ~ '_resolved') }}
    where record_status = 'quarantined'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rejects as (
    select * from usage_rejects
    union all
    select * from other_rejects
),

texts as (
    {% for feed, format in feed_formats().items() if format == 'json' %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row,
        raw_text
    from {{ ref('stg_canonical__' ~ ('usage_events' if feed == 'ai_usage_events' else feed) ~ '_landed') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

identified as (
    select
        rejects.*,
        texts.raw_text,
        concat(rejects.feed, '/', md5(concat(coalesce(texts.raw_text, ''), '|', rejects.file_path)), '/') as line_key
    from rejects
    left join texts
        on rejects.feed = texts.feed and rejects.file_path = texts.file_path and rejects.landed_row = texts.landed_row
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
