{{ config(materialized='table') }}

with lines as (
    {{ json_lines('metered_costs') }}
),

landed as (
    select
        *,
        raw_text is null or {{ has_stray_comma('raw_text') }} as is_malformed
    from lines
)

select * from landed
