{{ config(materialized='table') }}
{# Orders the facts of a unit and cuts them into episodes, for the few units with more than one fact that decides: all
   others have one episode and need no order. #}
with reconciled as (
    select * from {{ ref('int_unit_events_reconciled') }}
),

broken as (
    select
        *,
        event_type = 'reopened' or classification in ('failed', 'escalated', 'cancelled') as is_breaker,
        classification = 'success' as is_success,
        row_number() over (
            partition by environment, unit_type, unit_id order by occurred_at, precedence, outcome
        ) as turn
    from reconciled
),

runs as (
    select
        *,
        sum(case when is_breaker then 1 else 0 end) over (
            partition by environment, unit_type, unit_id order by turn
            rows between unbounded preceding and current row
        ) as run_number
    from broken
),

spaced as (
    select
        *,
        case when is_success then
            lag(occurred_at) over (
                partition by environment, unit_type, unit_id, run_number, is_success order by turn
            )
        end as previous_success_at
    from runs
),

{# A repeated resolution restarts the window only while the window is open: a settled success stays settled. #}
settled as (
    select
        *,
        is_success and sum(
            case when occurred_at > {{ add_hours('previous_success_at', 'reopen_window_hours') }} then 1 else 0 end
        ) over (
            partition by environment, unit_type, unit_id, run_number, is_success order by turn
            rows between unbounded preceding and current row
        ) = 0 as is_resolution
    from spaced
),

answered as (
    select
        *,
        max(case when is_resolution then occurred_at end) over (
            partition by environment, unit_type, unit_id order by turn
            rows between unbounded preceding and current row
        ) as resolved_at,
        max(case when is_resolution then run_number end) over (
            partition by environment, unit_type, unit_id order by turn
            rows between unbounded preceding and current row
        ) as resolved_run,
        max(case when classification = 'cancelled' then turn end) over (
            partition by environment, unit_type, unit_id order by turn
            rows between unbounded preceding and 1 preceding
        ) is not null as is_after_cancellation
    from settled
),

{# The first reopening, rejection or cancellation after the window leaves the success and opens the next episode. One that
   was cancelled has no success to leave. #}
numbered as (
    select
        *,
        1 + sum(
            case
                when
                    is_breaker
                    and occurred_at > {{ add_hours('resolved_at', 'reopen_window_hours') }}
                    and run_number = resolved_run + 1
                    and not is_after_cancellation
                    then 1
                else 0
            end
        ) over (
            partition by environment, unit_type, unit_id order by turn
            rows between unbounded preceding and current row
        ) as episode_number
    from answered
),

placed as (
    select
        *,
        max(case when is_resolution then occurred_at end) over (
            partition by environment, unit_type, unit_id, episode_number order by turn
            rows between unbounded preceding and current row
        ) as episode_resolved_at
    from numbered
),

{# A resolution is answered within its episode: the reopening that opens one answers nothing of it. A rejection after the
   window of its resolution is late: what undid the success inside it has decided. #}
reopened as (
    select
        *,
        event_type = 'reopened' and episode_resolved_at is not null as is_answer,
        event_type = 'reopened' and run_number = resolved_run + 1 as is_first_answer,
        coalesce(classification in ('failed', 'escalated'), false)
        and (episode_resolved_at is null or occurred_at <= {{ add_hours('episode_resolved_at', 'reopen_window_hours') }}) as is_rejection
    from placed
)

select * from reopened
