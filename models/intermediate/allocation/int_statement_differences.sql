{# Invoice less estimate, by what causes it: the usage of each SKU, tax, prepayments, and all other charges. Only where the
   account was invoiced for the month. #}
with legs as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        model,
        meter,
        {{ pico('sum(usage_amount)') }} - {{ pico('sum(coalesce(estimated_amount, 0))') }} as units
    from {{ ref('int_reconciliation_legs') }}
    group by period_month, issuer, billing_account_id, currency, model, meter
),

lines as (
    select * from {{ ref('int_invoice_lines_measured') }} where payable_state = 'payable'
),

invoiced as (
    select distinct
        period_month,
        issuer,
        billing_account_id,
        currency
    from lines
),

charges as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        case when line_type in ('tax', 'prepayment') then line_type else 'charges' end as component,
        {{ pico('sum(amount)') }} as units
    from lines
    where line_type <> 'usage'
    group by period_month, issuer, billing_account_id, currency, case when line_type in ('tax', 'prepayment') then line_type else 'charges' end
),

differences as (
    select
        legs.period_month,
        legs.issuer,
        legs.billing_account_id,
        legs.currency,
        'usage' as component,
        legs.model,
        legs.meter,
        legs.units
    from legs
    inner join invoiced
        on
            legs.period_month = invoiced.period_month
            and legs.issuer = invoiced.issuer
            and legs.billing_account_id = invoiced.billing_account_id
            and legs.currency = invoiced.currency
    where legs.units <> 0
    union all
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        component,
        '__all__' as model,
        '__all__' as meter,
        units
    from charges
    where units <> 0
)

select * from differences
