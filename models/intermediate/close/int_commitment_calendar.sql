{# Every month in which a commitment runs. Terms are at most ten years. #}
with commitments as (
    select distinct
        {{ month_of('period_start') }} as first_month,
        period_end
    from {{ ref('commitments') }}
),

numbers as (
    {{ small_numbers() }}
),

months as (
    select distinct {{ month_of(add_months('commitments.first_month', 'numbers.n')) }} as date_month
    from commitments
    cross join numbers
    where {{ month_of(add_months('commitments.first_month', 'numbers.n')) }} < commitments.period_end
)

select * from months
