{# What commitments cost beside use: shortfalls of minimums, and what prepaid lots lose at their end. #}
with shortfalls as (
    select * from {{ ref('int_shortfall_bookings') }}
),

expiries as (
    select * from {{ ref('int_prepaid_expiries') }}
),

booked as (
    select
        accrual_month as booking_month,
        'shortfall' as entry_type,
        concat(contract_id, '/', cast(period_start as {{ dbt.type_string() }})) as term_id,
        provider,
        billing_account_id,
        '{{ checked_var('reporting_currency') }}' as currency,
        cast(1 as decimal(24, 12)) as fx_rate,
        charge_amount as amount,
        concat('Shortfall of ', contract_id, ' accrued by ', accrual_method) as memo
    from shortfalls
    union all
    select
        booking_month,
        'prepaid_amortisation' as entry_type,
        lot_id as term_id,
        provider,
        billing_account_id,
        currency,
        cast(invoice_rate as decimal(24, 12)) as fx_rate,
        breakage_amount as amount,
        concat('Prepayment lost at the end of ', lot_id) as memo
    from expiries
)

select * from booked
