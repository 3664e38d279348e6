-- More rejected lines than the setting max_quarantine_share allows, in one feed, stop the build before it publishes.
-- Waived records were looked at by two people and do not count; with as_of set, records after it are simply not known yet.
{% set query %}
with records as (
    select
        feed,
        sum(records) as landed,
        sum(
            case
                when record_status <> 'quarantined' then 0
                {% if checked_var('as_of') is not none %}when reject_reason = 'future_timestamp' then 0{% endif %}
                else records
            end
        ) as quarantined
    from {{ ref('int_feed_records') }}
    group by feed
),

waived as (
    select
        feed,
        count(*) as waived
    from {{ ref('int_waived_records') }}
    group by feed
)

select
    records.feed,
    records.landed,
    records.quarantined,
    coalesce(waived.waived, 0) as waived
from records
left join waived on records.feed = waived.feed
where
    records.quarantined - coalesce(waived.waived, 0)
    > records.landed * cast({{ checked_var('max_quarantine_share') }} as decimal(9, 6))
{% endset %}
{% set records = ref('int_feed_records') %}
{% set built = adapter.get_relation(records.database, records.schema, records.identifier) if execute %}
{% for feed in (run_query(query) if built else []) %}
    {% set reasons = run_query(
        "select reject_reason, sum(records) as records from " ~ records ~ " where record_status = 'quarantined' and feed = '" ~ feed.feed
        ~ "' group by reject_reason order by records desc, reject_reason") %}
    {% set listed = [] %}
    {% for reason in reasons %}{% do listed.append(reason.reject_reason ~ ' ' ~ reason.records) %}{% endfor %}
    {% do exceptions.raise_compiler_error(
        'quarantine_share: ' ~ feed.quarantined ~ ' of ' ~ feed.landed ~ ' records of ' ~ feed.feed ~ ' are quarantined (' ~ (listed | join(', '))
        ~ "), more than the setting max_quarantine_share allows; mend the feed, waive records in seeds/policy/quarantine_waivers.csv, or raise the setting.") %}
{% endfor %}
{{ query }}
