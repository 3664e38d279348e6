{{ config(materialized='table') }}

with records as (
    {{ json_records('helicone_requests') }}
),

landed as (
    select
        'helicone_requests' as feed,
        file_path,
        landed_row,
        raw_text
    from records
)

select * from landed
