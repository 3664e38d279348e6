{{ config(materialized='table') }}

with landed as (
    {{ json_lines('unit_events') }}
)

select * from landed
