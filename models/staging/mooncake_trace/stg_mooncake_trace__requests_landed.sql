{{ config(materialized='table') }}

with records as (
    {{ text_lines('mooncake_trace') }}
),

landed as (
    select
        'mooncake_trace' as feed,
        file_path,
        landed_row,
        raw_text
    from records
)

select * from landed
