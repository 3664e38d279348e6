{# When the second and later episodes run, so that a cost finds its episode. Most units have one and are not listed. #}
with sequenced as (
    select * from {{ ref('int_unit_events_sequenced') }} where episode_number > 1
),

started as (
    select
        environment,
        unit_type,
        unit_id,
        cast(episode_number as integer) as episode_number,
        min(occurred_at) as starts_at
    from sequenced
    group by environment, unit_type, unit_id, episode_number
),

ranged as (
    select
        *,
        coalesce(
            lead(starts_at) over (partition by environment, unit_type, unit_id order by episode_number),
            cast('9999-12-31' as timestamp)
        ) as ends_at
    from started
)

select * from ranged
