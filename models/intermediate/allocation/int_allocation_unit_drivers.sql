{# Units as targets, by their cohort month. The id is the unit's type, id and, from the second on, episode. #}
with units as (
    select * from {{ ref('int_units') }} where is_attempted
),

measured as (
    select
        cohort_month as period_month,
        environment,
        unit_type,
        unit_id,
        episode_number,
        concat(
            unit_type, ':', unit_id,
            case when episode_number > 1 then concat('#', cast(episode_number as {{ dbt.type_string() }})) else '' end
        ) as target_id,
        direct_cost_usd as cost,
        cast(input_tokens + output_tokens as decimal(26, 12)) as tokens,
        cast(request_count as decimal(26, 12)) as requests,
        cast(review_minutes as decimal(26, 12)) as review_minutes,
        cast(case when state <> 'cancelled' then 1 else 0 end as decimal(26, 12)) as units,
        cast(case when state = 'success' then 1 else 0 end as decimal(26, 12)) as successful_units,
        bearing_cost_center as cost_center,
        team,
        tenant_id,
        application,
        workflow,
        agent_id
    from units
)

select * from measured
