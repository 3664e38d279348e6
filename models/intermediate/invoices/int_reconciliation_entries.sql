{{ config(materialized='table') }}
{% set dimensions = 'period_month, issuer, billing_account_id, provider, currency, model, meter, service_tier' %}
{# The three legs under one another, each measure in its own column; the next step gives them their common grain. What only
   invoices tell is null of the others: only their lines are payable, or voided. #}
{% set untold = ledger('null') %}
{% set uncounted = 'cast(null as decimal(38, 6))' %}
{% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with estimates as (
    select * from {{ ref('int_reconciliation_estimates') }}
),

exports as (
    select * from {{ ref('int_reconciliation_exports') }}
),

{# The currency of a key is the estimate's. #}
month_ends as (
    select
        month_ends.*,
        estimates.currency
    from {{ ref('int_usage_at_month_end') }} as month_ends
    inner join estimates
        on
            month_ends.period_month = estimates.period_month
            and month_ends.issuer = estimates.issuer
            and month_ends.billing_account_id = estimates.billing_account_id
            and month_ends.model = estimates.model
            and month_ends.meter = estimates.meter
            and month_ends.service_tier = estimates.service_tier
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
        priced_quantity,
        amount,
        {{ untold }} as priced_amount,
        {{ untold }} as rounding_amount,
        {{ untold }} as functional_amount,
        {{ no_text }} as payable_state,
        cast(null as boolean) as is_suspected_duplicate
    from estimates
    union all
    select
        'export' as leg,
        {{ dimensions }},
        case when {{ is_no_usage('meter') }} then meter else 'usage' end as line_type,
        case when not coalesce({{ is_no_usage('meter') }}, false) then quantity end as quantity,
        {{ uncounted }} as priced_quantity,
        amount,
        {{ untold }} as priced_amount,
        {{ untold }} as rounding_amount,
        {{ untold }} as functional_amount,
        {{ no_text }} as payable_state,
        cast(null as boolean) as is_suspected_duplicate
    from exports
    union all
    select
        'month_end' as leg,
        {{ dimensions }},
        'usage' as line_type,
        quantity,
        {{ uncounted }} as priced_quantity,
        {{ untold }} as amount,
        {{ untold }} as priced_amount,
        {{ untold }} as rounding_amount,
        {{ untold }} as functional_amount,
        {{ no_text }} as payable_state,
        cast(null as boolean) as is_suspected_duplicate
    from month_ends
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
        {{ uncounted }} as priced_quantity,
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
        {{ uncounted }} as priced_quantity,
        {{ untold }} as amount,
        {{ untold }} as priced_amount,
        {{ untold }} as rounding_amount,
        {{ untold }} as functional_amount,
        {{ no_text }} as payable_state,
        cast(null as boolean) as is_suspected_duplicate
    from lines
    where payable_state = 'payable' and is_billed_elsewhere
    {% endfor %}
)

select * from entries
