{# How likely a unit that is still open at some age ends in success: of the settled units that were open that long, the
   share that succeeded. Ages in whole days since the start; per unit type, production only. #}
with settled as (
    select
        unit_type,
        {{ days_since('started_at', 'settled_at') }} as age_days,
        case when state = 'success' then 1 else 0 end as success
    from {{ ref('int_units') }}
    where state in ('success', 'failed') and environment = 'production'
),

by_age as (
    select
        unit_type,
        cast(age_days as integer) as age_days,
        count(*) as settled_units,
        sum(success) as successful_units
    from settled
    group by unit_type, cast(age_days as integer)
),

surviving as (
    select
        unit_type,
        age_days,
        lag(age_days, 1, -1) over (partition by unit_type order by age_days) as open_beyond_days,
        sum(settled_units) over (partition by unit_type order by age_days desc rows between unbounded preceding and current row) as settled_units,
        sum(successful_units) over (partition by unit_type order by age_days desc rows between unbounded preceding and current row) as successful_units,
        lead(age_days) over (partition by unit_type order by age_days) is null as is_oldest
    from by_age
),

likely as (
    select
        unit_type,
        open_beyond_days,
        case when is_oldest then 1000000 else age_days end as open_up_to_days,
        {{ money_ratio('successful_units', 'settled_units') }} as success_probability
    from surviving
)

select * from likely
