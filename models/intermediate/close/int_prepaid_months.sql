{# Effective cost of what was paid in advance: what was drawn at the lot's own cost, or at the average of all lots bought so
   far; what is left at the end of a lot is lost, in its last month. #}
with lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

draws as (
    select lot_id, period_month, drawn_amount from {{ ref('int_prepaid_draws') }}
    union all
    select lot_id, last_month as period_month, 0 as drawn_amount from lots
),

drawn as (
    select
        lot_id,
        period_month,
        sum(drawn_amount) as drawn_amount
    from draws
    group by lot_id, period_month
),

clock as (
    select * from {{ ref('int_as_of') }}
),

joined as (
    select
        lots.*,
        drawn.period_month,
        drawn.drawn_amount,
        sum(drawn.drawn_amount) over (
            partition by drawn.lot_id order by drawn.period_month rows between unbounded preceding and current row
        ) as drawn_to_date
    from drawn
    inner join lots on drawn.lot_id = lots.lot_id
    cross join clock
    where drawn.period_month >= lots.first_month and drawn.period_month < lots.period_end and drawn.period_month < {{ month_of('clock.as_of') }}
),

valued as (
    select
        *,
        {{ prorated('valued_paid_amount', 'drawn_to_date', 'valued_face_amount') }} as amortised_to_date,
        case when period_month = last_month then 1 else 0 end as is_last_month
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
