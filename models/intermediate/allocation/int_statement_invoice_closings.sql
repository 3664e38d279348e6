{{ config(materialized='table') }}
{# What an account's invoices of a month come to, against what is posted of it: calls, shared keys and true-ups, each
   rounded on its own. The rest is rounding, and what shared keys were already charged beyond our metered calls. #}
{% set key = ['period_month', 'issuer', 'billing_account_id', 'currency'] %}
with lines as (
    select * from {{ ref('int_invoice_lines_measured') }} where payable_state = 'payable'
),

currencies as (
    select * from {{ ref('currencies') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

invoiced as (
    select
        lines.period_month,
        lines.issuer,
        lines.billing_account_id,
        lines.currency,
        currencies.minor_unit_exponent,
        {{ pico('sum(lines.amount)') }} as amount_pico
    from lines
    left join currencies on lines.currency = currencies.currency
    group by lines.period_month, lines.issuer, lines.billing_account_id, lines.currency, currencies.minor_unit_exponent
),

calls as (
    select distinct
        period_month,
        vendor,
        billing_account_id,
        currency,
        source_id,
        posted_total_units
    from {{ ref('int_statement_direct_lines') }}
    where source_type = 'usage'
),

keys as (
    select
        period_month,
        vendor,
        billing_account_id,
        currency,
        source_id,
        posted_units as posted_total_units
    from {{ ref('int_allocation_sources') }}
    where source_type = 'api_key'
),

posted_before as (
    select * from calls
    union all
    select * from keys
),

parts as (
    select
        {{ key | join(', ') }},
        component,
        amount_pico < 0 as is_credit,
        sum(amount_pico) as amount_pico
    from {{ ref('int_statement_true_up_parts') }}
    group by {{ key | join(', ') }}, component, amount_pico < 0
),

listed as (
    select
        posted_before.period_month,
        coalesce(accounts.issuer, posted_before.vendor) as issuer,
        coalesce(posted_before.billing_account_id, '__none__') as billing_account_id,
        posted_before.currency,
        posted_before.posted_total_units as ledger_units,
        0 as true_up_units
    from posted_before
    left join accounts
        on posted_before.billing_account_id = accounts.billing_account_id and posted_before.vendor = accounts.provider
    union all
    select
        parts.period_month,
        parts.issuer,
        parts.billing_account_id,
        parts.currency,
        0 as ledger_units,
        {{ cumulative_slice('parts.amount_pico', '1', '1', minor_step('currencies.minor_unit_exponent')) }} as true_up_units
    from parts
    left join currencies on parts.currency = currencies.currency
),

summed as (
    select
        {{ key | join(', ') }},
        sum(ledger_units) as ledger_units,
        sum(true_up_units) as true_up_units
    from listed
    group by {{ key | join(', ') }}
),

compared as (
    select
        coalesce(invoiced.period_month, summed.period_month) as period_month,
        coalesce(invoiced.issuer, summed.issuer) as issuer,
        coalesce(invoiced.billing_account_id, summed.billing_account_id) as billing_account_id,
        coalesce(invoiced.currency, summed.currency) as currency,
        invoiced.minor_unit_exponent,
        invoiced.amount_pico is not null as is_invoiced,
        {{ cumulative_slice('invoiced.amount_pico', '1', '1', minor_step('invoiced.minor_unit_exponent')) }} as invoiced_units,
        coalesce(summed.ledger_units, 0) as ledger_units,
        coalesce(summed.true_up_units, 0) as true_up_units
    from invoiced
    full outer join summed
        on
            invoiced.period_month = summed.period_month
            and invoiced.issuer = summed.issuer
            and invoiced.billing_account_id = summed.billing_account_id
            and invoiced.currency = summed.currency
),

closed as (
    select
        *,
        case when is_invoiced then invoiced_units - ledger_units - true_up_units else 0 end as closing_units
    from compared
)

select * from closed
