{# Every day from the first to the last one on which anything happened. #}
with bounds as (
    select
        {{ month_of('min(units.cohort_date)') }} as first_day,
        cast(max(moment.as_of) as date) as last_day
    from {{ ref('int_units') }} as units
    cross join {{ ref('int_as_of') }} as moment
),

days as (
    select {{ days_between('first_day', 'last_day') }} as date_day
    from bounds
),

described as (
    select
        cast(date_day as date) as date_day,
        {{ week_of('date_day') }} as week_start,
        {{ month_of('date_day') }} as period_month,
        substring(cast(cast(date_day as date) as {{ dbt.type_string() }}), 1, 7) as period,
        cast(extract(year from date_day) as integer) as year_number,
        cast(extract(month from date_day) as integer) as month_number,
        cast(extract(day from date_day) as integer) as day_of_month
    from days
)

select * from described
