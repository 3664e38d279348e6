{{ config(materialized='table') }}
{# What counts and what a later version replaced, with what the minutes cost; only postings need the latter. #}
with charged as (
    select * from {{ ref('int_human_reviews_timed') }}
),

other_environments as (
    select * from {{ ref('int_unit_other_environments') }}
),

environments as (
    select * from {{ ref('environments') }}
),

labor_rates as (
    select * from {{ ref('labor_rates') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

rated as (
    select
        charged.review_id,
        charged.unit_type,
        charged.unit_id,
        charged.reviewer_role,
        charged.reviewer_id,
        charged.started_at,
        charged.sitting_ended_at as ended_at,
        charged.ingested_at,
        charged.replaced_at,
        charged.review_result,
        charged.team,
        charged.sitting_minutes,
        cast(charged.review_minutes as decimal(20, 6)) as review_minutes,
        case
            when charged.environment is null then coalesce(other_environments.environment, 'production')
            else coalesce(environments.environment, 'unknown')
        end as environment,
        labor_rates.currency,
        {{ money_ratio('(charged.review_minutes * labor_rates.hourly_rate)', '60') }} as amount
    from charged
    left join labor_rates
        on
            charged.reviewer_role = labor_rates.reviewer_role
            and charged.started_at >= coalesce(cast(labor_rates.valid_from as timestamp), cast('0001-01-01' as timestamp))
            and charged.started_at < coalesce(cast(labor_rates.valid_to as timestamp), cast('9999-12-31' as timestamp))
    left join environments on charged.environment = environments.reported_environment
    left join other_environments
        on charged.unit_type = other_environments.unit_type and charged.unit_id = other_environments.unit_id
),

converted as (
    select
        rated.*,
        {{ in_reporting_currency('rated.amount * 1000000', 'rated.currency', 'fx_rates.rate', 'rated.started_at') }} as cost_micros_usd
    from rated
    left join fx_rates on rated.currency = fx_rates.currency and cast(rated.started_at as date) = fx_rates.rate_date
)

select * from converted
