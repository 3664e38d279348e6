{{ config(materialized='table') }}

with landed as (
    {{ json_lines('ai_usage_events') }}
)

select * from landed
