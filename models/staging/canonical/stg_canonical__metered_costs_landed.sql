{{ config(materialized='table') }}

with landed as (
    {{ json_lines('metered_costs') }}
)

select * from landed
