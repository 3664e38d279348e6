{{ config(materialized='table') }}
{# A line in base units and in both currencies. Timing is what the line itself says: it bills usage of another month where
   its whole charge period lies outside its billing period. Nothing else is called timing. #}
with lines as (
    select
        *,
        coalesce(charge_period_start, billing_period_start) as charge_start,
        coalesce(charge_period_end, charge_period_start, billing_period_end) as charge_end,
        cast(quantity * {{ quantity_factor('quantity_unit') }} as decimal(38, 6)) as units,
        cast(quantity * cast(case when abs(unit_price) < 1000000 then unit_price end as decimal(18, 12)) as decimal(28, 12)) as product
    from {{ ref('int_invoice_lines') }}
),

invoices as (
    select * from {{ ref('int_invoices') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

rates as (
    select * from {{ ref('int_invoice_rates') }}
),

{# A unit price may be quoted per unit, per thousand or per million: another unit than the quantity's only where it fits. #}
multiplied as (
    select
        *,
        case
            when product is null then amount
            {% for scale in ['0.001', '0.000001'] -%}
            when amount <> 0 and (abs(amount - product * {{ scale }}) * 10 <= abs(amount) or {{ posted('product * ' ~ scale, 'currency') }} = amount)
                then cast(product * {{ scale }} as decimal(28, 12))
            {% endfor -%}
            else product
        end as priced_amount
    from lines
),

measured as (
    select
        lines.issuer,
        lines.invoice_id,
        lines.invoice_line_id,
        lines.issued_on,
        coalesce(lines.provider, accounts.provider, lines.issuer) as provider,
        lines.billing_account_id,
        lines.line_type,
        case
            when lines.charge_start >= lines.billing_period_start and lines.charge_start < lines.billing_period_end
                then {{ month_of('lines.charge_start') }}
            else {{ month_of('lines.billing_period_start') }}
        end as period_month,
        lines.billing_period_start,
        lines.charge_start,
        {{ month_of('lines.charge_start') }} as charge_month,
        lines.line_type = 'usage' and {{ month_of('lines.charge_start') }} <> {{ month_of('lines.billing_period_start') }}
        and (lines.charge_end <= lines.billing_period_start or lines.charge_start >= lines.billing_period_end) as is_billed_elsewhere,
        coalesce(names.model, lower(lines.model)) as model,
        lower(lines.meter) as meter,
        lines.service_tier,
        lines.currency,
        lines.units as quantity,
        lines.amount,
        lines.priced_amount,
        case when abs(lines.amount - lines.priced_amount) < {{ minor_unit('lines.currency') }} then lines.amount - lines.priced_amount else 0 end as rounding_amount,
        {{ at_invoice_rate('lines.amount', 'lines.currency', 'rates.rate', 'lines.issued_on', "invoices.payable_state = 'payable'") }} as functional_amount,
        invoices.payable_state,
        invoices.is_suspected_duplicate,
        lines.reference_invoice_id,
        coalesce(lines.ingested_at, cast(lines.issued_on as timestamp)) as known_at
    from multiplied as lines
    inner join invoices
        on
            lines.issuer = invoices.issuer
            and lines.invoice_id = invoices.invoice_id
            and lines.issued_on = invoices.issued_on
            and lines.billing_account_id = invoices.billing_account_id
            and lines.billing_period_start = invoices.billing_period_start
    left join accounts on lines.billing_account_id = accounts.billing_account_id and lines.issuer = accounts.issuer
    left join names
        on coalesce(lines.provider, accounts.provider, lines.issuer) = names.provider and lower(lines.model) = names.reported_model
    left join rates on lines.currency = rates.currency and lines.issued_on = rates.rate_date
)

select * from measured
