{# What is invoiced for a month without tax and without what is an asset, by the documents that stand now and by those that
   stood at its end. Use counts where its days are, other charges in the billing month. #}
{% set account = ['event_month', 'issuer', 'billing_account_id'] %}
with shares as (
    select * from {{ ref('int_invoice_month_shares') }}
),

arrivals as (
    select * from {{ ref('int_invoice_arrivals') }} where charge_class in ('other', 'fee', 'commitment')
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

shortfalls as (
    select * from {{ ref('int_shortfall_bookings') }}
),

charges as (
    select {{ account | join(', ') }}, 'usage' as charge_class, booking_month, replaced_month, usage_amount_usd as amount_usd
    from shares
    union all
    select billing_month as event_month, issuer, billing_account_id, charge_class, booking_month, replaced_month, functional_amount as amount_usd
    from arrivals
),

summed as (
    select
        {{ account | join(',\n        ') }},
        max(case when charge_class = 'usage' and replaced_month is null then 1 else 0 end) as is_invoiced,
        min(case when charge_class = 'usage' then booking_month end) as invoice_month,
        sum(case when replaced_month is null then amount_usd else 0 end) as invoiced_amount,
        sum(
            case when booking_month <= event_month and (replaced_month is null or event_month < replaced_month) then amount_usd else 0 end
        ) as invoiced_in_period,
        sum(case when charge_class = 'commitment' and replaced_month is null then amount_usd else 0 end) as commitment_amount
    from charges
    group by {{ account | join(', ') }}
),

{# What the books held at the month's end for minimums that may be missed. #}
missed as (
    select
        shortfalls.accrual_month as event_month,
        accounts.issuer,
        shortfalls.billing_account_id,
        sum(shortfalls.accrued_amount) as accrued_amount
    from shortfalls
    inner join accounts on shortfalls.billing_account_id = accounts.billing_account_id
    group by shortfalls.accrual_month, accounts.issuer, shortfalls.billing_account_id
),

charged as (
    select
        summed.event_month,
        coalesce(accounts.entity, 'default') as entity,
        summed.issuer,
        summed.billing_account_id,
        summed.is_invoiced,
        summed.invoice_month,
        {{ posted('summed.invoiced_amount', "'" ~ checked_var('reporting_currency') ~ "'") }} as invoiced_amount,
        {{ posted('summed.invoiced_in_period', "'" ~ checked_var('reporting_currency') ~ "'") }} as invoiced_in_period,
        case when summed.commitment_amount <> 0 then missed.accrued_amount end as accrued_shortfall
    from summed
    left join accounts on summed.billing_account_id = accounts.billing_account_id and summed.issuer = accounts.issuer
    left join missed
        on
            summed.event_month = missed.event_month
            and summed.issuer = missed.issuer
            and summed.billing_account_id = missed.billing_account_id
)

select * from charged where is_invoiced = 1
