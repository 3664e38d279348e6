{{ config(materialized='table') }}
{# What each document came to, by class of charge, at the end of each month in which paper of its issuer became known; nothing
   while it was not payable. A credit of an account with a running prepayment that names no model and no invoice draws it down. #}
{% set document = ['issuer', 'invoice_id', 'issued_on', 'billing_account_id', 'billing_month', 'currency'] %}
with states as (
    select
        *,
        {{ month_of('billing_period_start') }} as billing_month
    from {{ ref('int_invoice_states') }}
),

lines as (
    select * from {{ ref('int_invoice_line_versions') }}
),

running as (
    select * from {{ ref('int_prepayments_running') }}
),

rates as (
    select * from {{ ref('int_invoice_rates') }}
),

months as (
    select distinct
        issuer,
        state_month
    from states
),

documents as (
    select distinct {{ document | join(', ') }}
    from states
    where payable_state = 'payable'
),

classified as (
    select
        states.state_month,
        states.{{ document | join(', states.') }},
        case
            when lines.line_type in ('usage', 'tax', 'prepayment', 'fee', 'commitment') then lines.line_type
            when lines.line_type = 'credit' and lines.amount < 0 and lines.model is null and lines.reference_invoice_id is null
                and running.billing_account_id is not null then 'drawdown'
            else 'other'
        end as charge_class,
        lines.amount,
        {{ at_invoice_rate('lines.amount', 'lines.currency', 'rates.rate', 'lines.issued_on') }} as functional_amount
    from states
    inner join lines
        on
            states.issuer = lines.issuer
            and states.invoice_id = lines.invoice_id
            and states.issued_on = lines.issued_on
            and states.billing_account_id = lines.billing_account_id
            and states.billing_period_start = lines.billing_period_start
            and states.currency = lines.currency
            and states.state_month >= lines.known_month
            and (lines.replaced_month is null or states.state_month < lines.replaced_month)
    left join running
        on
            states.billing_account_id = running.billing_account_id
            and states.currency = running.currency
            and states.billing_month = running.date_month
    left join rates on lines.currency = rates.currency and lines.issued_on = rates.rate_date
    where states.payable_state = 'payable'
),

standing as (
    select
        documents.{{ document | join(', documents.') }},
        months.state_month,
        {% for class in charge_classes() -%}
        sum(case when classified.charge_class = '{{ class }}' then classified.amount else 0 end) as {{ class }}_amount,
        sum(case when classified.charge_class = '{{ class }}' then classified.functional_amount else 0 end) as {{ class }}_functional_amount,
        {% endfor -%}
        max(case when classified.charge_class = 'usage' then 1 else 0 end) as has_usage
    from documents
    inner join months on documents.issuer = months.issuer
    left join classified
        on
            documents.issuer = classified.issuer
            and documents.invoice_id = classified.invoice_id
            and documents.issued_on = classified.issued_on
            and documents.billing_account_id = classified.billing_account_id
            and documents.billing_month = classified.billing_month
            and documents.currency = classified.currency
            and months.state_month = classified.state_month
    group by documents.{{ document | join(', documents.') }}, months.state_month
)

select * from standing
