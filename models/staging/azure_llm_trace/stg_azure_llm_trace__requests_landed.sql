{{ config(materialized='table') }}
{# The first line of a file names its columns and is no record. #}
with lines as (
    {{ text_lines('azure_llm_trace') }}
),

headers as (
    select
        file_path,
        raw_text as header_text
    from lines
    where landed_row = 1
),

landed as (
    select
        'azure_llm_trace' as feed,
        lines.file_path,
        lines.landed_row,
        headers.header_text,
        lines.raw_text
    from lines
    left join headers on lines.file_path = headers.file_path
    where lines.landed_row > 1 or lines.raw_text is null
)

select * from landed
