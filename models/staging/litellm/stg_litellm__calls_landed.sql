{{ config(materialized='table') }}

with landed as (
    {% for feed in ['litellm_spend_logs', 'litellm_standard_logging'] %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row,
        raw_text
    from ({{ json_records(feed) }})
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from landed
