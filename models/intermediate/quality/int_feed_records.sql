{{ config(materialized='table') }}
{# Every landed record by its fate: the counts that must add up for nothing to be lost. #}
{% set simple = {
    'unit_events': 'occurred_at', 'human_reviews': 'started_at', 'metered_costs': 'occurred_at',
    'shared_costs': 'cast(period_start as timestamp)', 'provider_usage': 'period_start',
    'invoice_lines': 'cast(issued_on as timestamp)', 'tenant_revenue': 'cast(period_start as timestamp)',
} %}
with reasons as (
    select * from {{ ref('reject_reasons') }}
),

usage_losers as (
    select
        {{ usage_feed('source_system') }} as feed,
        file_path,
        sum(case when copy_number > 1 then 1 else 0 end) as duplicates,
        sum(case when copy_number = 1 and is_conflict then 1 else 0 end) as conflicts
    from {{ ref('int_usage_events_repeated') }}
    group by {{ usage_feed('source_system') }}, file_path
),

usage_judged as (
    select
        {{ usage_feed('unioned.source_system') }} as feed,
        unioned.file_path,
        rejected.reject_reason,
        count(*) as records,
        min(unioned.occurred_at) as oldest_record_at,
        max(unioned.occurred_at) as newest_record_at
    from {{ ref('int_usage_events_unioned') }} as unioned
    left join {{ ref('int_usage_events_rejected') }} as rejected
        on
            unioned.landed_row = rejected.landed_row
            and unioned.file_path = rejected.file_path
            and unioned.source_system = rejected.source_system
    group by {{ usage_feed('unioned.source_system') }}, unioned.file_path, rejected.reject_reason
),

{# A producer's own rules set records aside that are no calls (`excluded`) or that came before (`duplicate`). #}
usage_records as (
    select
        usage_judged.feed,
        usage_judged.file_path,
        case
            when usage_judged.reject_reason is null then 'kept'
            when reasons.reason_class in ('excluded', 'duplicate') then reasons.reason_class
            else 'quarantined'
        end as record_status,
        usage_judged.reject_reason,
        usage_judged.records
        - case when usage_judged.reject_reason is null then coalesce(usage_losers.duplicates, 0) else 0 end as records,
        case when usage_judged.reject_reason is null then coalesce(usage_losers.conflicts, 0) else 0 end as conflicts,
        usage_judged.oldest_record_at,
        usage_judged.newest_record_at
    from usage_judged
    left join usage_losers on usage_judged.file_path = usage_losers.file_path and usage_judged.feed = usage_losers.feed
    left join reasons on usage_judged.reject_reason = reasons.reject_reason
    union all
    select
        feed,
        file_path,
        'duplicate' as record_status,
        cast(null as {{ dbt.type_string() }}) as reject_reason,
        duplicates as records,
        0 as conflicts,
        cast(null as timestamp) as oldest_record_at,
        cast(null as timestamp) as newest_record_at
    from usage_losers
    where duplicates > 0
),

other_records as (
    {% for entity, at in simple.items() %}
    select
        {{ feed_of_records(entity) }} as feed,
        file_path,
        record_status,
        final_reason as reject_reason,
        {% if entity == 'provider_usage' -%}
        count(distinct landed_row) as records,
        count(distinct case when is_conflict and record_status = 'kept' then landed_row end) as conflicts,
        {%- else -%}
        count(*) as records,
        sum(case when is_conflict and record_status = 'kept' then 1 else 0 end) as conflicts,
        {%- endif %}
        min({{ at }}) as oldest_record_at,
        max({{ at }}) as newest_record_at
    from {{ ref('int_' ~ entity ~ '_resolved') }}
    where {{ is_own_record(entity) }}
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{# What a rule of the format excludes is no reject of these feeds either. #}
classed as (
    select
        other_records.feed,
        other_records.file_path,
        case when reasons.reason_class = 'excluded' then 'excluded' else other_records.record_status end as record_status,
        other_records.reject_reason,
        other_records.records,
        other_records.conflicts,
        other_records.oldest_record_at,
        other_records.newest_record_at
    from other_records
    left join reasons on other_records.reject_reason = reasons.reject_reason
)

select * from usage_records
union all
select * from classed
