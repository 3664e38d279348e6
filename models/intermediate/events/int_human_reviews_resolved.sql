{{ config(materialized='table') }}
{% set key = [
    'review_id',
] %}
{# Not the reviewer: with another pepper, another of two conflicting copies would win. #}
{% set content = [
    'review_id', 'unit_type', 'unit_id', 'reviewer_role', 'started_at', 'ended_at', 'minutes', 'review_result',
    'environment', 'team',
] %}
with staged as (
    select * from {{ ref('stg_canonical__human_reviews') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

judged as (
    select
        staged.*,
        coalesce(staged.reject_reason, {{ first_reason(time_rules('staged.started_at', 'staged.ingested_at')) }}) as final_reason
    from staged
    cross join clock
),

{{ resolve_copies(key, content) }}

select * from resolved
