-- A waiver writes off a record that is in the quarantine, with four eyes: one that does neither is a mistake.
with waivers as (
    select * from {{ ref('quarantine_waivers') }}
),

records as (
    select distinct
        feed,
        record_key
    from {{ ref('int_quarantined_records') }}
),

mistaken as (
    select
        concat(
            'waiver of ', waivers.record_key, ': ',
            case when records.record_key is null then 'no rejected record has this key'
                else 'it needs two people, prepared_by and another approved_by' end,
            '; correct seeds/policy/quarantine_waivers.csv'
        ) as sentence
    from waivers
    left join records on waivers.feed = records.feed and waivers.record_key = records.record_key
    where
        records.record_key is null
        or waivers.prepared_by is null
        or waivers.approved_by is null
        or waivers.prepared_by = waivers.approved_by
),

{{ one_sentence('mistaken') }}
