{# How much of a promised minimum is likely to be missed, accrued to date by the contract's method. Each method ends at the
   shortfall itself; the period's charge is the change. #}
with months as (
    select * from {{ ref('int_commitment_months') }}
),

accrued as (
    select
        *,
        cast(greatest(0, {{ shortfall_to_date() }}) as decimal(38, 12)) as accrued_amount
    from months
),

changed as (
    select
        *,
        accrued_amount - coalesce(lag(accrued_amount) over (
            partition by contract_id, period_start order by period_month
        ), 0) as charge_amount
    from accrued
)

select * from changed
