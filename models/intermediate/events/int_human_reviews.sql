with versions as (
    select * from {{ ref('int_human_reviews_versions') }}
),

kept as (
    select
        review_id,
        unit_type,
        unit_id,
        reviewer_role,
        reviewer_id,
        started_at,
        ended_at,
        ingested_at,
        review_result,
        team,
        sitting_minutes,
        review_minutes,
        environment,
        currency,
        amount,
        cost_micros_usd
    from versions
    where replaced_at is null
)

select * from kept
