{# What was paid, at the invoice's rate and at the spot rate of the day of payment; between them lies the realised difference. #}
with settlements as (
    select * from {{ ref('invoice_settlements') }}
),

booked as (
    select
        *,
        min(booking_month) over (partition by issuer, invoice_id, currency) as first_booking_month
    from {{ ref('int_invoice_arrivals') }}
),

{# The rate of the document as it was first booked: a payment stays what it was when the document is corrected. #}
arrivals as (
    select
        issuer,
        invoice_id,
        currency,
        min(billing_account_id) as billing_account_id,
        sum(amount) as invoice_amount,
        sum(functional_amount) as invoice_functional_amount
    from booked
    where booking_month = first_booking_month
    group by issuer, invoice_id, currency
),

billing_accounts as (
    select * from {{ ref('billing_accounts') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

rated as (
    select
        settlements.issuer,
        settlements.invoice_id,
        concat(settlements.issuer, '/', settlements.invoice_id, '/', cast(settlements.settled_on as {{ dbt.type_string() }})) as source_id,
        settlements.settled_on,
        settlements.currency,
        cast(settlements.amount as decimal(26, 12)) as amount,
        coalesce(billing_accounts.entity, 'default') as entity,
        cast({{ money_ratio('arrivals.invoice_functional_amount', 'arrivals.invoice_amount') }} as decimal(24, 12)) as invoice_rate,
        case
            when settlements.currency = '{{ checked_var('reporting_currency') }}' then 1
            when fx_rates.rate is not null then fx_rates.rate
            else cast({{ missing_rate('settlements.currency', 'settlements.settled_on') }} as decimal(24, 12))
        end as settlement_rate
    from settlements
    cross join clock
    inner join arrivals
        on
            settlements.issuer = arrivals.issuer
            and settlements.invoice_id = arrivals.invoice_id
            and settlements.currency = arrivals.currency
    left join billing_accounts
        on arrivals.billing_account_id = billing_accounts.billing_account_id and arrivals.issuer = billing_accounts.issuer
    left join fx_rates on settlements.currency = fx_rates.currency and settlements.settled_on = fx_rates.rate_date
    where settlements.settled_on <= cast(clock.as_of as date)
),

realised as (
    select
        *,
        {{ translated('amount', 'settlement_rate') }} - {{ translated('amount', 'invoice_rate') }} as realised_fx_usd
    from rated
)

select * from realised
