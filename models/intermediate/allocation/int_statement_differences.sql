{# Invoice less estimate, by what causes it: the usage of each SKU, and every other charge by its kind. A credit that draws
   on a prepayment is no price reduction: it takes back the prepayment, the charge stays. What shared keys are charged
   beyond our metered calls is taken off again, so that no bearer has it twice. Only where the account was invoiced. #}
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

running as (
    select * from {{ ref('int_prepayments_running') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

invoiced as (
    select distinct
        period_month,
        issuer,
        billing_account_id,
        currency
    from lines
),

classified as (
    select
        lines.*,
        case
            when lines.line_type = 'adjustment' then case when lines.amount < 0 then 'credit' else 'fee' end
            when lines.line_type = 'credit' and lines.amount < 0 and lines.model is null and lines.reference_invoice_id is null
                and running.billing_account_id is not null then 'drawdown'
            else lines.line_type
        end as component
    from lines
    left join running
        on
            lines.billing_account_id = running.billing_account_id
            and lines.currency = running.currency
            and {{ month_of('lines.billing_period_start') }} = running.date_month
    where lines.line_type <> 'usage'
),

charges as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        component,
        {{ pico('sum(amount)') }} as units
    from classified
    group by period_month, issuer, billing_account_id, currency, component
),

keys as (
    select
        keys.period_month,
        coalesce(accounts.issuer, keys.provider) as issuer,
        keys.billing_account_id,
        keys.currency,
        sum(keys.metered_pico - keys.billed_pico) as units
    from {{ ref('int_shared_key_costs') }} as keys
    left join accounts on keys.billing_account_id = accounts.billing_account_id and keys.provider = accounts.provider
    group by keys.period_month, coalesce(accounts.issuer, keys.provider), keys.billing_account_id, keys.currency
),

differences as (
    select
        period_month, issuer, billing_account_id, currency, 'usage' as component, model, meter, units
    from legs
    union all
    select
        period_month, issuer, billing_account_id, currency, 'usage' as component, '__all__' as model, '__all__' as meter, units
    from keys
    union all
    select
        period_month, issuer, billing_account_id, currency, component, '__all__' as model, '__all__' as meter, units
    from charges
),

payable as (
    select differences.*
    from differences
    inner join invoiced
        on
            differences.period_month = invoiced.period_month
            and differences.issuer = invoiced.issuer
            and differences.billing_account_id = invoiced.billing_account_id
            and differences.currency = invoiced.currency
    where differences.units <> 0
)

select * from payable
