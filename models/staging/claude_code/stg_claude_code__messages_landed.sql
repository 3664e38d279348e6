{{ config(materialized='table') }}

with records as (
    {{ json_records('claude_code_jsonl') }}
),

landed as (
    select
        'claude_code_jsonl' as feed,
        file_path,
        landed_row,
        raw_text
    from records
)

select * from landed
