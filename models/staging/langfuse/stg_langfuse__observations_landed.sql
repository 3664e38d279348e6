{{ config(materialized='table') }}

with records as (
    {{ json_records('langfuse_observations') }}
),

landed as (
    select
        'langfuse_observations' as feed,
        file_path,
        landed_row,
        raw_text
    from records
)

select * from landed
