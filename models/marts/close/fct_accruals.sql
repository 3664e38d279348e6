{# What was accrued at a month end for use without an invoice, reversed whole on the next day, and trued up when the
   invoice came. Like is compared with like: what was invoiced after the month end with what was accrued at it. #}
{% set account = ['event_month', 'entity', 'issuer', 'billing_account_id'] %}
{% set amounts = ['accrued', 'open_accrual', 'open_now', 'ledger_amount', 'late_amount'] %}
with uninvoiced as (
    select * from {{ ref('int_uninvoiced_use') }}
),

gl_accounts as (
    select * from {{ ref('int_posting_accounts') }} where entry_type = 'accrual'
),

charges as (
    select * from {{ ref('int_invoice_charges') }}
),

postings as (
    select * from {{ ref('fct_postings') }} where source = 'usage'
),

clock as (
    select * from {{ ref('int_as_of') }}
),

{# Each month of use has a journal of its own, and journals are in whole minor units. #}
journals as (
    select
        uninvoiced.accrual_month,
        uninvoiced.is_over,
        uninvoiced.{{ account | join(',\n        uninvoiced.') }},
        {{ posted('sum(uninvoiced.amount_usd)', "'" ~ checked_var('reporting_currency') ~ "'") }} as amount
    from uninvoiced
    inner join gl_accounts on uninvoiced.layer = gl_accounts.layer
    group by uninvoiced.accrual_month, uninvoiced.is_over, uninvoiced.{{ account | join(', uninvoiced.') }}, gl_accounts.credit_account
),

listed as (
    select
        accrual_month as event_month, entity, issuer, billing_account_id, case when accrual_month = event_month then amount else 0 end as accrued,
        amount as open_accrual, 0 as open_now, 0 as ledger_amount, 0 as late_amount
    from journals
    where is_over
    union all
    select {{ account | join(', ') }}, 0 as accrued, 0 as open_accrual, 1 as open_now, 0 as ledger_amount, 0 as late_amount
    from journals
    where not is_over
    union all
    select
        period_month as event_month, entity, coalesce(issuer, '__none__') as issuer, coalesce(billing_account_id, '__none__') as billing_account_id,
        0 as accrued, 0 as open_accrual, 0 as open_now, amount_usd as ledger_amount, case when is_adjustment then amount_usd else 0 end as late_amount
    from postings
    union all
    select {{ account | join(', ') }}, 0 as accrued, 0 as open_accrual, 0 as open_now, 0 as ledger_amount, 0 as late_amount
    from charges
),

summed as (
    select
        {{ account | join(',\n        ') }},
        {% for amount in amounts -%}
        sum({{ amount }}) as {{ amount }}{{ ',' if not loop.last }}
        {% endfor %}
    from listed
    group by {{ account | join(', ') }}
),

{# An invoice is booked in the entity of its account, whichever entity bears the use. #}
invoiced as (
    select
        summed.*,
        max(charges.is_invoiced) over (partition by summed.event_month, summed.issuer, summed.billing_account_id) as is_invoiced,
        max(charges.invoice_month) over (partition by summed.event_month, summed.issuer, summed.billing_account_id) as invoice_month,
        max(summed.open_now) over (partition by summed.event_month, summed.issuer, summed.billing_account_id) as account_open_now,
        coalesce(charges.invoiced_amount, 0) as invoiced_amount,
        coalesce(charges.invoiced_in_period, 0) as invoiced_in_period,
        coalesce(charges.accrued_shortfall, 0) as accrued_shortfall,
        {{ month_of('summed.event_month + interval 1 month') }} as reversal_month,
        clock.as_of
    from summed
    cross join clock
    left join charges
        on
            summed.event_month = charges.event_month
            and summed.entity = charges.entity
            and summed.issuer = charges.issuer
            and summed.billing_account_id = charges.billing_account_id
),

trued_up as (
    select
        *,
        case when reversal_month <= as_of then accrued else 0 end as reversed,
        case when is_invoiced = 1 then invoiced_amount end as invoiced,
        case when is_invoiced = 1 and account_open_now = 0 then invoiced_amount - invoiced_in_period end as invoiced_later
    from invoiced
),

typed as (
    select
        {{ period_of('event_month') }} as period,
        event_month as period_month,
        entity,
        issuer,
        billing_account_id,
        '{{ checked_var('reporting_currency') }}' as currency,
        cast(accrued as decimal(38, 12)) as accrued,
        cast(accrued_shortfall as decimal(38, 12)) as accrued_shortfall,
        cast(open_accrual as decimal(38, 12)) as open_accrual,
        cast(reversed as decimal(38, 12)) as reversed,
        case when reversed <> 0 then {{ period_of('reversal_month') }} end as reversal_period,
        cast(invoiced as decimal(38, 12)) as invoiced,
        cast(invoiced_in_period as decimal(38, 12)) as invoiced_in_period,
        {{ period_of('invoice_month') }} as invoice_period,
        cast(invoiced_later - accrued - accrued_shortfall as decimal(38, 12)) as true_up,
        {{ money_ratio('invoiced_later - abs(invoiced_later - accrued - accrued_shortfall)', 'invoiced_later') }} as accuracy_rate,
        {{ money_ratio('invoiced_later - accrued - accrued_shortfall', 'invoiced_later') }} as bias_rate,
        cast(ledger_amount as decimal(38, 12)) as ledger_amount,
        cast(late_amount as decimal(38, 12)) as late_amount,
        open_now > 0 as is_uninvoiced
    from trued_up
)

select * from typed
