{# A chain is the attempts of one request through the router, in order of time. The log marks the first of them (no retry,
   no fallback yet); the callback tells of the chain on its last, successful row only. Copies of an attempt share its number. #}
with counted as (
    select * from {{ ref('stg_litellm__calls_counted') }}
),

routed as (
    select
        *,
        case
            when is_log then original_model_group is not null
            else max(retries_text) over (partition by feed, session_id) is not null
        end as is_routed
    from counted
    where request_id is not null and session_id is not null
),

started as (
    select
        *,
        case
            when is_log then retries_text = '0' and fallbacks_text = '0'
            else coalesce(lag(status_text) over (partition by feed, session_id order by occurred_at, request_id) = 'success', true)
        end as is_first
    from routed
    where is_routed
),

numbered as (
    select
        *,
        sum(case when is_first then 1 else 0 end) over (
            partition by feed, session_id, coalesce(original_model_group, '') order by occurred_at, request_id
        ) as chain_number
    from started
),

ordered as (
    select
        feed,
        file_path,
        landed_row,
        request_id,
        concat(session_id, '/', coalesce(original_model_group, ''), '/', cast(chain_number as varchar)) as chain_id,
        dense_rank() over (
            partition by feed, session_id, coalesce(original_model_group, ''), chain_number order by occurred_at, request_id
        ) as attempt_number
    from numbered
),

attempts as (
    select distinct
        feed,
        chain_id,
        attempt_number,
        request_id
    from ordered
),

linked as (
    select
        ordered.feed,
        ordered.file_path,
        ordered.landed_row,
        ordered.attempt_number,
        attempts.request_id as retry_of_request_id
    from ordered
    left join attempts
        on
            ordered.feed = attempts.feed
            and ordered.chain_id = attempts.chain_id
            and ordered.attempt_number = attempts.attempt_number + 1
)

select * from linked
