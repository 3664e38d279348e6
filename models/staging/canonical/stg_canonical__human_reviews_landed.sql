{{ config(materialized='table') }}

with landed as (
    {{ json_lines('human_reviews') }}
)

select * from landed
