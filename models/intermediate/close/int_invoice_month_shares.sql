{# A document that covers days of several months is split over them by what the ledger of those days held when it was booked,
   by the days where it held nothing. #}
{% set document = ['issuer', 'invoice_id', 'issued_on', 'billing_account_id', 'billing_month', 'currency', 'booking_month'] %}
{% set window = 'partition by ' ~ document | join(', ') %}
with coverage as (
    select * from {{ ref('int_invoice_coverage') }}
),

days as (
    select * from {{ ref('int_posting_days') }}
),

held as (
    select
        coverage.{{ document | join(', coverage.') }},
        coverage.replaced_month,
        coverage.event_month,
        coverage.functional_amount,
        {{ count_days('coverage.first_day', 'coverage.end_day') }} as day_count,
        greatest(coalesce(sum(days.amount_usd), 0), 0) as ledger_amount
    from coverage
    left join days
        on
            coverage.issuer = days.issuer
            and coverage.billing_account_id = days.billing_account_id
            and coverage.event_month = days.event_month
            and coverage.booking_month >= days.posting_month
            and coverage.first_day <= days.usage_date
            and coverage.end_day > days.usage_date
    group by
        coverage.{{ document | join(', coverage.') }}, coverage.replaced_month, coverage.event_month, coverage.functional_amount,
        coverage.first_day, coverage.end_day
),

weighted as (
    select
        *,
        case when sum(ledger_amount) over ({{ window }}) > 0 then ledger_amount else day_count end as weight
    from held
),

running as (
    select
        *,
        sum(weight) over ({{ window }}) as weight_sum,
        sum(weight) over ({{ window }} order by event_month rows between unbounded preceding and current row) as weight_to_date
    from weighted
),

{# Whole minor units to date, so that the months sum to the document. #}
split as (
    select
        {{ document | join(', ') }},
        replaced_month,
        event_month,
        case
            when weight_to_date = weight_sum then functional_amount
            else {{ posted(prorated('functional_amount', 'weight_to_date', 'weight_sum'), "'" ~ checked_var('reporting_currency') ~ "'") }}
        end as amount_to_date
    from running
),

shared as (
    select
        {{ document | join(', ') }},
        replaced_month,
        event_month,
        cast(amount_to_date - coalesce(lag(amount_to_date) over ({{ window }} order by event_month), 0) as decimal(38, 12)) as usage_amount_usd
    from split
)

select * from shared
