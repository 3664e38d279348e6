{# One step before the report: every exception in every month. Residuals are net of what later credits put right. #}
with legs as (
    select * from {{ ref('fct_reconciliation_legs') }}
),

components as (
    select
        *,
        price_amount + unmetered_amount + overmetered_amount + rounding_amount + unexplained_amount as residual_amount
    from {{ ref('int_reconciliation_components') }}
),

of_accounts as (
    select * from {{ ref('int_account_exceptions') }}
),

tolerances as (
    select * from {{ ref('int_reconciliation_tolerances') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

lines as (
    select * from {{ ref('int_invoice_lines_measured') }}
),

{# A credit for a meter of an earlier invoice puts that month's price right. #}
corrections as (
    select
        {{ month_of('invoices.billing_period_start') }} as period_month,
        lines.issuer,
        lines.billing_account_id,
        lines.currency,
        lines.model,
        lines.meter,
        sum(lines.amount) as amount
    from lines
    inner join invoices
        on
            lines.issuer = invoices.issuer
            and lines.reference_invoice_id = invoices.invoice_id
            and lines.billing_account_id = invoices.billing_account_id
            and lines.currency = invoices.currency
    where lines.line_type = 'credit' and lines.payable_state = 'payable' and invoices.payable_state = 'payable'
    group by
        {{ month_of('invoices.billing_period_start') }}, lines.issuer, lines.billing_account_id, lines.currency, lines.model, lines.meter
),

judged as (
    select
        legs.*,
        components.is_awaited,
        components.is_uninvoiced,
        components.unexplained_amount,
        case legs.match_status
            when 'price_exception' then components.price_amount + coalesce(corrections.amount, 0)
            when 'quantity_exception' then components.unmetered_amount + components.overmetered_amount
            else components.residual_amount
        end as residual_amount,
        coalesce(tolerances.clearly_trivial, 0) as clearly_trivial,
        concat(
            legs.issuer, ' / ', legs.billing_account_id, ' / ', legs.model, ' / ', legs.meter, ' / ', legs.service_tier, ' / ', legs.currency
        ) as key
    from legs
    inner join components
        on
            legs.period_month = components.period_month
            and legs.issuer = components.issuer
            and legs.billing_account_id = components.billing_account_id
            and legs.currency = components.currency
            and legs.model = components.model
            and legs.meter = components.meter
            and legs.service_tier = components.service_tier
    left join corrections
        on
            legs.period_month = corrections.period_month
            and legs.issuer = corrections.issuer
            and legs.billing_account_id = corrections.billing_account_id
            and legs.currency = corrections.currency
            and legs.model = corrections.model
            and legs.meter = corrections.meter
    left join tolerances on legs.period_month = tolerances.period_month and legs.issuer = tolerances.issuer
),

of_legs as (
    select match_status as kind, period_month, issuer, billing_account_id, currency, key, residual_amount as amount
    from judged
    where
        match_status in (
            'currency_mismatch', 'unmapped_sku', 'missing_in_invoice', 'missing_in_export', 'missing_in_estimate',
            'price_exception', 'quantity_exception'
        )
        and not is_awaited
        and not (is_uninvoiced and match_status in ('missing_in_invoice', 'missing_in_export'))
        and abs(residual_amount) > clearly_trivial
    union all
    select 'unexplained' as kind, period_month, issuer, billing_account_id, currency, key, unexplained_amount as amount
    from judged
    where abs(unexplained_amount) > clearly_trivial
)

select * from of_legs
union all
select * from of_accounts
