{# Effective cost of what was paid in advance: what was drawn at the lot's own cost, or at the average of all lots bought so
   far; what is left at the end of a lot is lost. #}
with draws as (
    select * from {{ ref('int_prepaid_draws') }}
),

lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

joined as (
    select
        lots.*,
        draws.period_month,
        draws.drawn_amount,
        sum(draws.drawn_amount) over (
            partition by draws.lot_id order by draws.period_month rows between unbounded preceding and current row
        ) as drawn_to_date
    from draws
    inner join lots on draws.lot_id = lots.lot_id
    cross join clock
    where draws.period_month >= lots.first_month and draws.period_month < lots.period_end and draws.period_month < {{ month_of('clock.as_of') }}
),

valued as (
    select
        *,
        case valuation_method
            when 'wac' then coalesce({{ prorated('all_paid_amount', 'drawn_to_date', 'all_face_amount') }}, 0)
            else coalesce({{ prorated('paid_amount', 'drawn_to_date', 'face_amount') }}, 0)
        end as amortised_to_date,
        case when {{ month_of('period_month + interval 1 month') }} >= period_end then 1 else 0 end as is_last_month
    from joined
),

changed as (
    select
        *,
        amortised_to_date - coalesce(lag(amortised_to_date) over (partition by lot_id order by period_month), 0) as amortised_amount,
        is_last_month * (paid_amount - amortised_to_date) as breakage_amount
    from valued
)

select * from changed
