{{ config(materialized='table') }}
{# A call or metered charge that served several units: the units with their normalised share. Given shares may sum to
   anything above zero; without shares the record is split evenly. #}
with shared_records as (
    select source_system, file_path, landed_row, unit_shares
    from {{ ref('int_usage_events') }}
    where unit_shares is not null and unit_id is null
    union all
    select source_system, file_path, landed_row, unit_shares
    from {{ ref('int_metered_costs_resolved') }}
    where unit_shares is not null and unit_id is null and (record_status = 'kept' or replaced_at is not null)
),

unnested as (
    select
        shared_records.source_system,
        shared_records.file_path,
        shared_records.landed_row,
        {{ json_array_items('shared_records.unit_shares') }} as item
    from shared_records
),

extracted as (
    select
        source_system,
        file_path,
        landed_row,
        {{ json_texts('item', ['$.unit_type', '$.unit_id', '$.share']) }} as texts
    from unnested
),

named as (
    select
        source_system,
        file_path,
        landed_row,
        {{ list_item('texts', 1) }} as unit_type,
        {{ list_item('texts', 2) }} as unit_id,
        case
            when {{ matches(list_item('texts', 3), '(0|[1-9][0-9]{0,8})([.][0-9]{1,18})?') }}
                then cast({{ list_item('texts', 3) }} as decimal(18, 9))
        end as share
    from extracted
),

{# One share that is missing or unreadable leaves the others without meaning: then all units bear alike. #}
shared as (
    select
        *,
        case
            when count(*) over (partition by source_system, file_path, landed_row)
                = count(share) over (partition by source_system, file_path, landed_row) then share
            else 1
        end as told_share
    from named
    where unit_type is not null and unit_id is not null
),

weighted as (
    select
        source_system,
        file_path,
        landed_row,
        unit_type,
        unit_id,
        cast(sum(told_share) * 1000000000 as {{ int128_type() }}) as weight
    from shared
    group by source_system, file_path, landed_row, unit_type, unit_id
),

normalised as (
    select
        *,
        sum(weight) over (partition by source_system, file_path, landed_row) as weight_sum
    from weighted
)

select * from normalised where weight_sum > 0
