{{ config(materialized='table') }}
{% set dimensions = 'period_month, issuer, billing_account_id, provider, currency, model, meter, service_tier' %}
{# The three legs under one another, each measure in its own column; the next step gives them their common grain. #}
with estimates as (
    select * from {{ ref('int_reconciliation_estimates') }}
),

exports as (
    select * from {{ ref('int_reconciliation_exports') }}
),

lines as (
    select
        *,
        case when line_type = 'usage' then 1 else 0 end as is_usage
    from {{ ref('int_invoice_lines_measured') }}
),

entries as (
    select
        'estimate' as leg,
        {{ dimensions }},
        'usage' as line_type,
        quantity,
        amount,
        {{ ledger('0') }} as priced_amount,
        {{ ledger('0') }} as rounding_amount,
        {{ ledger('0') }} as functional_amount,
        'payable' as payable_state,
        false as is_suspected_duplicate
    from estimates
    union all
    select
        'export' as leg,
        {{ dimensions }},
        'usage' as line_type,
        quantity,
        amount,
        {{ ledger('0') }} as priced_amount,
        {{ ledger('0') }} as rounding_amount,
        {{ ledger('0') }} as functional_amount,
        'payable' as payable_state,
        false as is_suspected_duplicate
    from exports
    union all
    select
        'invoice' as leg,
        period_month,
        issuer,
        billing_account_id,
        provider,
        currency,
        case when is_usage = 1 then model else coalesce(model, '__none__') end as model,
        case when is_usage = 1 then meter else line_type end as meter,
        service_tier,
        line_type,
        case when is_usage = 1 then quantity end as quantity,
        amount,
        priced_amount,
        rounding_amount,
        functional_amount,
        payable_state,
        is_suspected_duplicate
    from lines
    {# Usage of another month in this invoice, and usage of this month in another invoice. #}
    {% for leg, month in {'late_in': 'period_month', 'late_out': 'charge_month'}.items() -%}
    union all
    select
        '{{ leg }}' as leg,
        {{ month }} as period_month,
        {{ dimensions | replace('period_month, ', '') }},
        line_type,
        quantity,
        {{ ledger('0') }} as amount,
        {{ ledger('0') }} as priced_amount,
        {{ ledger('0') }} as rounding_amount,
        {{ ledger('0') }} as functional_amount,
        payable_state,
        false as is_suspected_duplicate
    from lines
    where payable_state = 'payable' and is_billed_elsewhere
    {% endfor %}
)

select * from entries
