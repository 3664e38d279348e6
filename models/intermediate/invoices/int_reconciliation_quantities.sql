{{ config(materialized='table') }}
{# How the billed quantity comes from ours. Timing is what the vendor's lines say, or what one month's invoice lacks of its
   last hours and the next one's has too much of; of the rest, only what the vendor's export bears out counts as metering.
   An export counts use when it took place: it bears our count of the month out or not, and says nothing of when it is billed. #}
{% set key = 'partition by issuer, billing_account_id, currency, model, meter, service_tier order by period_month' %}
with legs as (
    select * from {{ ref('int_reconciliation_legs') }}
),

grains as (
    select * from {{ ref('int_reconciliation_grains') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

based as (
    select
        legs.*,
        grains.has_export,
        grains.is_currency_mismatched,
        coalesce(legs.estimated_amount, 0) as expected_amount,
        coalesce(legs.invoiced_amount, 0) as actual_amount,
        coalesce(legs.estimated_quantity, 0) as expected_quantity,
        coalesce(legs.invoiced_quantity, 0) as actual_quantity,
        legs.late_in_quantity - legs.late_out_quantity as told_late_quantity,
        case when legs.priced_quantity <> 0 then legs.estimated_amount else legs.priced_amount end as base_amount,
        case when legs.priced_quantity <> 0 then legs.priced_quantity else legs.invoiced_quantity end as base_quantity,
        coalesce(legs.priced_quantity <> 0, false) as is_metered,
        grains.is_uninvoiced,
        {# Until an invoice is overdue by policy, all use is late. #}
        grains.is_uninvoiced
        and clock.as_of < legs.period_month + interval 1 month + coalesce(cast(due.value as integer), 0) * interval 1 day as is_awaited
    from legs
    inner join grains
        on
            legs.period_month = grains.period_month
            and legs.issuer = grains.issuer
            and legs.billing_account_id = grains.billing_account_id
            and legs.currency = grains.currency
    cross join clock
    {{ threshold_join('invoice_due_days', 'due', 'legs.period_month') }}
),

{# Use of the last hours that this month's invoice lacks and the next month's has too much of; an awaited one proves nothing. #}
compared as (
    select
        *,
        case when not is_awaited then actual_quantity - expected_quantity - told_late_quantity end as gap_quantity
    from based
),

neighbours as (
    select
        *,
        lead(period_month) over ({{ key }}) as next_month,
        coalesce(lead(gap_quantity) over ({{ key }}), 0) as next_gap_quantity
    from compared
),

lagged as (
    select
        *,
        case
            when next_month is null or next_month <> {{ month_of('period_month + interval 1 month') }} then 0
            else greatest(0, least(month_end_quantity, -coalesce(gap_quantity, 0), next_gap_quantity))
        end as lag_out_quantity
    from neighbours
),

timed as (
    select
        *,
        told_late_quantity - lag_out_quantity + coalesce(lag(lag_out_quantity) over ({{ key }}), 0) as late_quantity
    from lagged
),

{# What is neither timing nor metered alike, and how much of it the vendor's export bears out. #}
bounded as (
    select
        *,
        actual_quantity - expected_quantity - late_quantity as open_quantity,
        least(0, exported_quantity - expected_quantity) as least_quantity,
        greatest(0, exported_quantity - expected_quantity) as most_quantity
    from timed
),

supported as (
    select
        *,
        case
            when exported_quantity is null then open_quantity
            else greatest(least_quantity, least(open_quantity, most_quantity))
        end as metering_quantity
    from bounded
),

{# An amount without a quantity cannot be split: against an estimate its difference has no name. #}
classified as (
    select
        *,
        case
            when is_awaited then 'awaited'
            when actual_quantity <> 0 or usage_amount = 0 then 'measured'
            when expected_amount = 0 then 'billed_only'
            else 'incomparable'
        end as reading
    from supported
)

select * from classified
