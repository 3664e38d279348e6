{# The shortfall as the books had it at each month end: by what was invoiced by then, else by the ledger as it then stood.
   Once the vendor has billed it, nothing is left to accrue. Only commitments in the reporting currency are booked. #}
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

arrivals as (
    select
        billing_account_id,
        booking_month,
        replaced_month
    from {{ ref('int_invoice_arrivals') }}
    where charge_class = 'commitment'
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
    select distinct
        elapsed.contract_id,
        elapsed.period_start,
        elapsed.accrual_month
    from elapsed
    inner join arrivals
        on
            elapsed.billing_account_id = arrivals.billing_account_id
            and elapsed.accrual_month >= arrivals.booking_month
            and (arrivals.replaced_month is null or elapsed.accrual_month < arrivals.replaced_month)
    where elapsed.elapsed_months = elapsed.term_months
),

projected as (
    select
        elapsed.*,
        billed.contract_id is not null as is_billed,
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

accrued as (
    select
        *,
        cast(case when is_billed then 0 else greatest(0, {{ shortfall_to_date() }}) end as decimal(38, 12)) as accrued_amount
    from projected
),

changed as (
    select
        *,
        accrued_amount - coalesce(lag(accrued_amount) over (partition by contract_id, period_start order by accrual_month), 0) as charge_amount
    from accrued
)

select * from changed
