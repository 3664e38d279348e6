{# Invoices are translated at the invoice rate of the day of issue; the reporting currency needs none. #}
with fx_rates as (
    select * from {{ ref('fx_rates') }}
),

rates as (
    select
        currency_from as currency,
        rate_date,
        rate
    from fx_rates
    where rate_type = 'invoice' and currency_to = '{{ checked_var('reporting_currency') }}'
)

select * from rates
