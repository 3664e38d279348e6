-- Reopening a period takes a reason and two people, on record with the instant; a record without a reopening is none.
with periods as (
    select
        *,
        row_number() over (partition by entity, period order by closed_at) as close_version
    from {{ ref('periods') }}
    where closed_at is not null
),

reopened as (
    select * from periods where reopened_at is not null
),

records as (
    select * from {{ ref('period_reopenings') }}
),

compared as (
    select
        coalesce(reopened.period, records.period) as period,
        coalesce(reopened.entity, records.entity) as entity,
        coalesce(reopened.reopened_at, records.reopened_at) as reopened_at,
        reopened.period is null as is_record_only,
        records.period is null as is_unrecorded,
        records.reason is null or records.prepared_by is null or records.approved_by is null
        or records.prepared_by = records.approved_by as is_incomplete
    from reopened
    full outer join records
        on
            reopened.period = records.period
            and reopened.entity = records.entity
            and reopened.close_version = records.close_version
            and reopened.reopened_at = records.reopened_at
)

select
    concat(
        'reopening_needs_two: ', period, ' (', entity, ') ',
        case
            when is_record_only then 'has a record in policy/period_reopenings that policy/periods does not know: reopened at '
            when is_unrecorded then 'was reopened without a record in policy/period_reopenings of why and by which two people: at '
            else 'was reopened without a reason and two different people in policy/period_reopenings: at '
        end,
        cast(reopened_at as {{ dbt.type_string() }}), '; reopen with make close PERIOD=', period, ' REOPEN=why'
    ) as broken_rule
from compared
where is_record_only or is_unrecorded or is_incomplete
