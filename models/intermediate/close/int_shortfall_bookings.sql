{# The shortfall as the books had it at each month end: by what was invoiced by then, else by the ledger as it then stood.
   What the vendor has billed of a term is not accrued any more; a line that names no service period bills the oldest term that
   is open. Whole minor units to date, so that the changes sum to them. Only commitments in the reporting currency are booked. #}
{% set currency = "'" ~ checked_var('reporting_currency') ~ "'" %}
{% set account = 'provider, billing_account_id, accrual_month' %}
with commitments as (
    select
        *,
        {{ month_of('period_start') }} as first_month,
        {{ count_months('period_start', 'period_end') }} + case when extract(day from period_end) > 1 then 1 else 0 end as term_months
    from {{ ref('commitments') }}
    where kind = 'minimum_spend' and currency = '{{ checked_var('reporting_currency') }}'
),

months as (
    select * from {{ ref('int_book_months') }}
),

uninvoiced as (
    select * from {{ ref('int_uninvoiced_months') }}
),

invoiced as (
    select * from {{ ref('int_invoiced_months') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

lines as (
    select * from {{ ref('int_shortfall_lines') }}
),

used as (
    select accrual_month, event_month, issuer, billing_account_id, usage_amount_usd as amount_usd from invoiced
    union all
    select accrual_month, event_month, issuer, billing_account_id, amount_usd from uninvoiced
),

elapsed as (
    select
        commitments.contract_id,
        commitments.provider,
        commitments.billing_account_id,
        commitments.period_start,
        commitments.period_end,
        commitments.accrual_method,
        commitments.first_month,
        commitments.term_months,
        cast(commitments.amount as decimal(26, 12)) as committed_amount,
        months.date_month as accrual_month,
        least({{ count_months('commitments.first_month', 'months.date_month') }} + 1, commitments.term_months) as elapsed_months
    from commitments
    inner join months on commitments.first_month <= months.date_month
),

consumed as (
    select
        elapsed.contract_id,
        elapsed.period_start,
        elapsed.accrual_month,
        sum(used.amount_usd) as consumed_amount
    from elapsed
    inner join used
        on
            elapsed.accrual_month = used.accrual_month
            and elapsed.first_month <= used.event_month
            and elapsed.period_end > used.event_month
    inner join accounts
        on
            used.billing_account_id = accounts.billing_account_id
            and used.issuer = accounts.issuer
            and elapsed.provider = accounts.provider
            and (elapsed.billing_account_id is null or elapsed.billing_account_id = accounts.billing_account_id)
    group by elapsed.contract_id, elapsed.period_start, elapsed.accrual_month
),

billed as (
    select
        months.date_month as accrual_month,
        lines.contract_id,
        lines.period_start,
        sum(lines.has_service_period * lines.billed_amount) as billed_amount,
        sum((1 - lines.has_service_period) * lines.billed_amount) as unnamed_amount
    from months
    inner join lines
        on
            months.date_month >= lines.booking_month
            and (lines.replaced_month is null or months.date_month < lines.replaced_month)
    group by months.date_month, lines.contract_id, lines.period_start
),

projected as (
    select
        elapsed.*,
        coalesce(billed.billed_amount, 0) as billed_amount,
        coalesce(billed.unnamed_amount, 0) as unnamed_amount,
        coalesce(consumed.consumed_amount, 0) as consumed_amount
    from elapsed
    left join consumed
        on
            elapsed.contract_id = consumed.contract_id
            and elapsed.period_start = consumed.period_start
            and elapsed.accrual_month = consumed.accrual_month
    left join billed
        on
            elapsed.contract_id = billed.contract_id
            and elapsed.period_start = billed.period_start
            and elapsed.accrual_month = billed.accrual_month
),

missed as (
    select *, {{ shortfall_to_date() }} as missed_amount from projected
),

opened as (
    select *, greatest(0, {{ posted('missed_amount', currency) }} - {{ posted('billed_amount', currency) }}) as open_amount from missed
),

queued as (
    select
        *,
        max(unnamed_amount) over (partition by {{ account }}) as all_unnamed_amount,
        coalesce(sum(open_amount) over (
            partition by {{ account }} order by period_start, contract_id rows between unbounded preceding and 1 preceding
        ), 0) as older_amount
    from opened
),

accrued as (
    select
        *,
        cast(greatest(
            0, open_amount - greatest(0, {{ posted('least(unnamed_amount, all_unnamed_amount - older_amount)', currency) }})
        ) as decimal(38, 12)) as accrued_amount
    from queued
),

changed as (
    select
        *,
        accrued_amount - coalesce(lag(accrued_amount) over (partition by contract_id, period_start order by accrual_month), 0) as charge_amount
    from accrued
)

select * from changed
