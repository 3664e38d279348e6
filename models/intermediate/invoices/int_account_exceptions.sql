{# What is wrong with documents, with an account's months, and with what was bought in advance. #}
with reports as (
    select * from {{ ref('rpt_invoice_reconciliation') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

lines as (
    select * from {{ ref('int_invoice_lines') }} where line_type = 'usage'
),

draws as (
    select * from {{ ref('int_prepaid_draws') }}
),

consumption as (
    select * from {{ ref('int_account_consumption') }}
),

of_documents as (
    select
        case
            when is_suspected_duplicate then 'suspected_duplicate'
            when payable_state = 'duplicate' then 'duplicate_invoice'
            when is_reference_unresolved then 'unresolved_reference'
            else 'draft_invoice'
        end as kind,
        {{ month_of('billing_period_start') }} as period_month,
        issuer,
        billing_account_id,
        currency,
        concat(issuer, ' / ', invoice_id) as key,
        amount
    from invoices
    where is_suspected_duplicate or payable_state in ('duplicate', 'draft') or (is_reference_unresolved and payable_state = 'payable')
),

{# The same use twice in one document, under another line number. #}
of_lines as (
    select
        'suspected_duplicate_line' as kind,
        {{ month_of('lines.billing_period_start') }} as period_month,
        lines.issuer,
        lines.billing_account_id,
        lines.currency,
        concat(lines.issuer, ' / ', lines.invoice_id, ' / ', coalesce(lines.model, ''), ' / ', coalesce(lines.meter, '')) as key,
        (count(*) - 1) * lines.amount as amount
    from lines
    inner join invoices
        on
            lines.issuer = invoices.issuer
            and lines.invoice_id = invoices.invoice_id
            and lines.issued_on = invoices.issued_on
            and lines.billing_account_id = invoices.billing_account_id
            and lines.billing_period_start = invoices.billing_period_start
            and lines.currency = invoices.currency
    where invoices.payable_state = 'payable' and lines.amount <> 0
    group by
        lines.issuer, lines.invoice_id, lines.issued_on, lines.billing_account_id, lines.billing_period_start, lines.currency, lines.model,
        lines.meter, lines.service_tier, lines.description, lines.quantity, lines.unit_price, lines.amount, lines.charge_period_start,
        lines.charge_period_end
    having count(*) > 1
),

{# A bias is all the months of its run, from the first. #}
runs as (
    select
        *,
        row_number() over (partition by issuer, billing_account_id, currency order by period_month) - periods_same_sign as run_start
    from reports
),

measured_runs as (
    select
        *,
        max(periods_same_sign) over (partition by issuer, billing_account_id, currency, run_start) as run_length
    from runs
),

of_months as (
    select 'persistent_bias' as kind, period_month, issuer, billing_account_id, currency, variance_after_adjustments as amount
    from measured_runs
    where run_length >= 3 and periods_same_sign > 0
    union all
    select 'overdue_invoice' as kind, period_month, issuer, billing_account_id, currency, -estimated_amount as amount
    from reports
    where status = 'missing_invoice'
),

of_accounts as (
    select kind, period_month, issuer, billing_account_id, currency, concat(issuer, ' / ', billing_account_id, ' / ', currency) as key, amount
    from of_months
),

of_lots as (
    select
        'prepaid_overdraft' as kind,
        draws.period_month,
        consumption.issuer,
        consumption.billing_account_id,
        consumption.currency,
        concat(consumption.issuer, ' / ', consumption.billing_account_id, ' / ', consumption.currency) as key,
        draws.drawn_amount as amount
    from draws
    inner join consumption
        on
            draws.account_key = concat(consumption.provider, '/', consumption.billing_account_id, '/', consumption.currency)
            and draws.period_month = consumption.period_month
    where draws.lot_id is null and draws.drawn_amount > 0
)

select * from of_documents
union all
select * from of_lines
union all
select * from of_accounts
union all
select * from of_lots
