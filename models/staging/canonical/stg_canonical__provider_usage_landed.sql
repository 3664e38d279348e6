{{ config(materialized='table') }}

with landed as (
    {{ json_lines('provider_usage') }}
)

select * from landed
