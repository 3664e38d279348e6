{{ config(materialized='table') }}
{# A call that served several units: the units with their normalised share. Given shares may sum to anything above zero;
   without shares the call is split evenly. #}
with shared_calls as (
    select
        source_system,
        file_path,
        landed_row,
        unit_shares
    from {{ ref('int_usage_events') }}
    where unit_shares is not null and unit_id is null
),

unnested as (
    select
        shared_calls.source_system,
        shared_calls.file_path,
        shared_calls.landed_row,
        {{ json_array_items('shared_calls.unit_shares') }} as item
    from shared_calls
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
            when {{ matches(list_item('texts', 3), '(0|[1-9][0-9]{0,2})([.][0-9]{1,12})?') }}
                then cast({{ list_item('texts', 3) }} as decimal(12, 9))
        end as share
    from extracted
),

weighted as (
    select
        source_system,
        file_path,
        landed_row,
        unit_type,
        unit_id,
        cast(sum(coalesce(share, 1)) * 1000000000 as bigint) as weight
    from named
    where unit_type is not null and unit_id is not null
    group by source_system, file_path, landed_row, unit_type, unit_id
),

normalised as (
    select
        *,
        sum(weight) over (partition by source_system, file_path, landed_row) as weight_sum
    from weighted
)

select * from normalised where weight_sum > 0
