{{ config(materialized='table') }}

with pages as (
    select * from {{ ref('stg_openai__pages') }}
),

{{ results_of_pages('start_time', 'end_time') }},

named as (
    select
        feed,
        file_path,
        landed_row,
        is_result,
        ingested_text,
        {{ list_item('times', 1) }} as starts_text,
        {{ list_item('times', 2) }} as ends_text,
        cast(raw_text as {{ dbt.type_string() }}) as raw_text
    from landed
)

select * from named
