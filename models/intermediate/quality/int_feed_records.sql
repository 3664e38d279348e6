{{ config(materialized='table') }}
{# Every landed record by its fate: the counts that must add up for nothing to be lost. #}
{% set simple = {
    'unit_events': 'occurred_at', 'human_reviews': 'started_at', 'metered_costs': 'occurred_at',
    'shared_costs': 'cast(period_start as timestamp)', 'provider_usage': 'period_start',
    'invoice_lines': 'cast(issued_on as timestamp)', 'tenant_revenue': 'cast(period_start as timestamp)',
} %}
with usage_losers as (
    select
        file_path,
        count(*) as duplicates
    from {{ ref('int_usage_events_repeated') }}
    where copy_number > 1
    group by file_path
),

usage_conflicts as (
    select
        file_path,
        count(*) as conflicts
    from {{ ref('int_usage_events_repeated') }}
    where copy_number = 1 and is_conflict
    group by file_path
),

usage_judged as (
    select
        file_path,
        reject_reason,
        count(*) as records,
        min(occurred_at) as oldest_record_at,
        max(occurred_at) as newest_record_at
    from {{ ref('int_usage_events_judged') }}
    group by file_path, reject_reason
),

usage_records as (
    select
        'ai_usage_events' as feed,
        usage_judged.file_path,
        case when usage_judged.reject_reason is null then 'kept' else 'quarantined' end as record_status,
        usage_judged.reject_reason,
        usage_judged.records
        - case when usage_judged.reject_reason is null then coalesce(usage_losers.duplicates, 0) else 0 end as records,
        case when usage_judged.reject_reason is null then coalesce(usage_conflicts.conflicts, 0) else 0 end as conflicts,
        usage_judged.oldest_record_at,
        usage_judged.newest_record_at
    from usage_judged
    left join usage_losers on usage_judged.file_path = usage_losers.file_path
    left join usage_conflicts on usage_judged.file_path = usage_conflicts.file_path
    union all
    select
        'ai_usage_events' as feed,
        file_path,
        'duplicate' as record_status,
        cast(null as {{ dbt.type_string() }}) as reject_reason,
        duplicates as records,
        0 as conflicts,
        cast(null as timestamp) as oldest_record_at,
        cast(null as timestamp) as newest_record_at
    from usage_losers
),

other_records as (
    {% for entity, at in simple.items() %}
    select
        '{{ entity }}' as feed,
        file_path,
        record_status,
        final_reason as reject_reason,
        count(*) as records,
        sum(case when is_conflict and record_status = 'kept' then 1 else 0 end) as conflicts,
        min({{ at }}) as oldest_record_at,
        max({{ at }}) as newest_record_at
    from {{ ref('int_' ~ entity ~ '_resolved') }}
    group by file_path, record_status, final_reason
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from usage_records
union all
select * from other_records
