{# A call that names the one it retries supersedes that one. A further attempt that names none supersedes the latest call
   before it in its chain, unit and step, that was one attempt less: a loop of many first attempts stays as it is. A chain
   lies within one unit, or among calls that several units share: another account's call of the same id is none of it. #}
with retries as (
    select
        source_system,
        request_id,
        environment,
        unit_type,
        unit_id,
        coalesce(step, '') as step,
        occurred_at,
        attempt_number,
        is_fallback,
        retry_of_request_id
    from {{ ref('int_usage_events') }}
    where retry_of_request_id is not null or attempt_number > 1
),

unlinked as (
    select * from retries where retry_of_request_id is null
),

earlier as (
    select
        unlinked.source_system,
        events.request_id,
        unlinked.environment,
        unlinked.unit_type,
        unlinked.unit_id,
        unlinked.is_fallback,
        row_number() over (
            partition by unlinked.source_system, unlinked.request_id, unlinked.occurred_at
            order by events.occurred_at desc, events.request_id
        ) as nearness
    from {{ ref('int_usage_events') }} as events
    inner join unlinked
        on
            events.source_system = unlinked.source_system
            and events.environment = unlinked.environment
            and events.unit_type = unlinked.unit_type
            and events.unit_id = unlinked.unit_id
            and coalesce(events.step, '') = unlinked.step
            and coalesce(events.attempt_number, 1) = unlinked.attempt_number - 1
            and events.occurred_at <= unlinked.occurred_at
),

superseded as (
    select
        source_system,
        retry_of_request_id as request_id,
        environment,
        unit_type,
        unit_id,
        is_fallback
    from retries
    where retry_of_request_id is not null
    union all
    select
        source_system,
        request_id,
        environment,
        unit_type,
        unit_id,
        is_fallback
    from earlier
    where nearness = 1
),

classed as (
    select
        source_system,
        request_id,
        environment,
        unit_type,
        unit_id,
        max(case when is_fallback then 1 else 0 end) = 1 as by_fallback
    from superseded
    group by source_system, request_id, environment, unit_type, unit_id
)

select * from classed
