{{ config(materialized='table') }}

with records as (
    {{ json_records('codex_jsonl') }}
),

landed as (
    select
        'codex_jsonl' as feed,
        file_path,
        landed_row,
        raw_text
    from records
)

select * from landed
