{# One step before the report: every exception in every month. Residuals are net of what later credits put right. #}
{% set listed = {
    'match_status': ('is_whole_listed', 'open_amount'), "'price_exception'": ('is_price_listed', 'price_amount'),
    "'quantity_exception'": ('is_metering_listed', 'metering_amount'), "'unexplained'": ('is_unexplained_listed', 'unexplained_amount'),
} %}
with judged as (
    select * from {{ ref('int_judged_residuals') }}
),

of_residuals as (
    select * from {{ ref('int_residual_exceptions') }}
),

of_accounts as (
    select * from {{ ref('int_account_exceptions') }}
),

of_documents as (
    select * from {{ ref('int_document_exceptions') }}
),

of_payments as (
    select * from {{ ref('int_payment_exceptions') }}
),

of_legs as (
    {% for kind, (condition, amount) in listed.items() -%}
    select {{ kind }} as kind, period_month, issuer, billing_account_id, currency, key, {{ amount }} as amount
    from judged
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from of_legs
union all
select * from of_residuals
union all
select * from of_accounts
union all
select * from of_documents
union all
select * from of_payments
