{# How many prepaid lots an account may have had; a test stops the build where there are more. #}
{% macro max_lots() %}{{ return(12) }}{% endmacro %}

{# One lot after the other takes what the lots before it left of each month's use, while it runs and until it is used up.
   Without a lot nothing is asked, and the lesser of that and of null is 0. #}
{% macro draw_lot(i) -%}
asked_{{ i }} as (
    select
        lefts.account_key,
        lefts.period_month,
        lefts.left_amount,
        lots.lot_id,
        lots.face_amount,
        sum(case when lefts.period_month >= lots.first_month and lefts.period_month < lots.period_end then lefts.left_amount else 0 end) over (
            partition by lefts.account_key order by lefts.period_month
            rows between unbounded preceding and current row
        ) as asked_amount
    from left_{{ i - 1 }} as lefts
    left join lots on lefts.account_key = lots.account_key and lots.lot_number = {{ i }}
),

drawn_{{ i }} as (
    select
        *,
        least(face_amount, asked_amount) - coalesce(lag(least(face_amount, asked_amount)) over (
            partition by account_key order by period_month
        ), 0) as drawn_amount
    from asked_{{ i }}
),

left_{{ i }} as (
    select account_key, period_month, left_amount - drawn_amount as left_amount from drawn_{{ i }}
)
{%- endmacro %}

{# What of a promised minimum is missed so far, by the contract's method; at the end of the term, what is missed. #}
{% macro shortfall_to_date() -%}
    case
        when elapsed_months >= term_months then committed_amount - consumed_amount
        when accrual_method = 'straight_line'
            then {{ prorated('committed_amount', 'elapsed_months', 'term_months') }} - consumed_amount
        when accrual_method = 'forecast_eac'
            then committed_amount - {{ prorated('consumed_amount', 'term_months', 'elapsed_months') }}
        else 0
    end
{%- endmacro %}
