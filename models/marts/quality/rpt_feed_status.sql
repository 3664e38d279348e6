with records as (
    select * from {{ ref('int_feed_records') }}
),

incomplete as (
    select * from {{ ref('int_incomplete_pages') }}
),

drift as (
    select * from {{ ref('int_feed_drift') }}
),

feeds as (
    select * from {{ ref('feeds') }}
),

summed as (
    select
        feed,
        count(distinct file_path) as files,
        sum(records) as records_landed,
        sum(case when record_status = 'kept' then records else 0 end) as records_kept,
        sum(case when record_status = 'duplicate' then records else 0 end) as duplicates,
        sum(case when record_status in ('quarantined', 'excluded') then records else 0 end) as quarantined,
        sum(case when record_status = 'excluded' then records else 0 end) as excluded,
        sum(conflicts) as conflicts,
        max(case when record_status = 'kept' then newest_record_at end) as newest_record_at
    from records
    group by feed
),

reported as (
    select
        feeds.feed,
        summed.feed is not null as is_present,
        cast(coalesce(summed.files, 0) as bigint) as files,
        cast(coalesce(summed.records_landed, 0) as bigint) as records_landed,
        cast(coalesce(summed.records_kept, 0) as bigint) as records_kept,
        cast(coalesce(summed.duplicates, 0) as bigint) as duplicates,
        cast(coalesce(summed.conflicts, 0) as bigint) as conflicts,
        cast(coalesce(summed.quarantined, 0) as bigint) as quarantined,
        cast(coalesce(summed.excluded, 0) as bigint) as excluded,
        summed.newest_record_at,
        cast(coalesce(drift.drift_fields, 0) as bigint) as drift_fields,
        cast(coalesce(incomplete.incomplete_pages, 0) as bigint) as incomplete_pages
    from feeds
    left join summed on feeds.feed = summed.feed
    left join drift on feeds.feed = drift.feed
    left join incomplete on feeds.feed = incomplete.feed
)

select * from reported
