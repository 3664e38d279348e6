-- Every month from the ledger's first to the last that is over has its books: none is cut off at the end of a long history.
with months as (
    select max(date_month) as last_month from {{ ref('int_book_months') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

compared as (
    select
        months.last_month,
        cast({{ month_of('clock.as_of') }} - interval 1 month as date) as expected_month
    from months
    cross join clock
    where months.last_month is not null
)

select
    'books_cut_off: the ledger is longer than twelve years; set its first day (var earliest_date) later' as reason,
    last_month,
    expected_month
from compared
where last_month <> expected_month
