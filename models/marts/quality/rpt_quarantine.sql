with records as (
    select * from {{ ref('int_feed_records') }} where record_status in ('quarantined', 'excluded')
),

reasons as (
    select * from {{ ref('reject_reasons') }}
),

waived as (
    select
        feed,
        reject_reason,
        count(*) as waived
    from {{ ref('int_waived_records') }}
    group by feed, reject_reason
),

summed as (
    select
        feed,
        reject_reason,
        sum(records) as records,
        min(oldest_record_at) as oldest,
        max(newest_record_at) as newest
    from records
    group by feed, reject_reason
),

reported as (
    select
        summed.feed,
        summed.reject_reason,
        reasons.meaning,
        reasons.remedy,
        reasons.reason_class,
        cast(summed.records as bigint) as records,
        summed.oldest,
        summed.newest,
        cast(coalesce(waived.waived, 0) as bigint) as waived
    from summed
    left join reasons on summed.reject_reason = reasons.reject_reason
    left join waived on summed.feed = waived.feed and summed.reject_reason = waived.reject_reason
)

select * from reported
