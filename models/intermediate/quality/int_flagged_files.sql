{# Files that say nothing new, without a record or with none that no other file holds; and files whose copies differ. #}
with records as (
    select * from {{ ref('int_feed_records') }}
),

delivered as (
    {% for feed in canonical_feeds() %}{% for file in feed_files(feed) %}
    select
        '{{ feed }}' as feed,
        '{{ file | replace("'", "''") }}' as file_path
    union
    {% endfor %}{% endfor %}
    select
        feed,
        file_path
    from records
),

summed as (
    select
        delivered.feed,
        delivered.file_path,
        sum(coalesce(records.records, 0)) as records,
        sum(case when records.record_status = 'duplicate' then records.records else 0 end) as duplicates,
        min(records.oldest_record_at) as first_seen_at
    from delivered
    left join records on delivered.feed = records.feed and delivered.file_path = records.file_path
    group by delivered.feed, delivered.file_path
),

flagged as (
    select
        case when records = 0 then 'empty_file' else 'duplicate_file' end as flag,
        feed,
        file_path as subject,
        records,
        cast(0 as decimal(38, 12)) as cost_usd,
        first_seen_at
    from summed
    where records = duplicates
    union all
    select
        'conflict' as flag,
        feed,
        file_path as subject,
        conflicts as records,
        cast(0 as decimal(38, 12)) as cost_usd,
        oldest_record_at as first_seen_at
    from records
    where conflicts > 0
)

select * from flagged
