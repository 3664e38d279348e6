{{ config(materialized='table') }}
{# Judged once: every later reading of the calls leaves these out by a small join. #}
with judged as (
    select * from {{ ref('int_usage_events_judged') }}
),

rejected as (
    select
        source_system,
        file_path,
        landed_row,
        occurred_at,
        reject_reason,
        reject_reasons
    from judged
    where reject_reason is not null
)

select * from rejected
