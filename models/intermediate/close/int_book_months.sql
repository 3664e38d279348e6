{# Every month from the ledger's first to the last that is over: only these have journals. #}
with postings as (
    select min(period_month) as first_month from {{ ref('fct_postings') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

numbers as (
    {{ small_numbers() }}
),

months as (
    select {{ month_of(add_months('postings.first_month', 'numbers.n')) }} as date_month
    from postings
    cross join numbers
    cross join clock
    where {{ month_of(add_months('postings.first_month', 'numbers.n')) }} < {{ month_of('clock.as_of') }}
)

select * from months
