{# A waiver never deletes: it says that two people looked at a rejected record and wrote it off. #}
with quarantined as (
    select * from {{ ref('int_quarantined_records') }}
),

waivers as (
    select * from {{ ref('quarantine_waivers') }}
),

waived as (
    select
        quarantined.feed,
        quarantined.reject_reason,
        quarantined.record_key,
        waivers.reason as waiver_reason,
        waivers.prepared_by,
        waivers.approved_by
    from quarantined
    inner join waivers
        on quarantined.feed = waivers.feed and quarantined.record_key = waivers.record_key
    where waivers.prepared_by <> waivers.approved_by
)

select * from waived
