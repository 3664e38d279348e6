{# The months of every promised minimum's term that are over, with what counted towards it. Without an account, all accounts
   of the provider count; use in another currency than the commitment's does not. #}
with commitments as (
    select
        *,
        {{ month_of('period_start') }} as first_month,
        {{ count_months('period_start', 'period_end') }} + case when extract(day from period_end) > 1 then 1 else 0 end as term_months
    from {{ ref('commitments') }}
    where kind = 'minimum_spend'
),

numbers as (
    {{ small_numbers() }}
),

consumption as (
    select * from {{ ref('int_account_consumption') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

months as (
    select
        commitments.*,
        {{ month_of(add_months('commitments.first_month', 'numbers.n')) }} as period_month,
        numbers.n + 1 as elapsed_months
    from commitments
    cross join numbers
),

elapsed as (
    select months.*
    from months
    cross join clock
    where months.period_month < months.period_end and months.period_month < {{ month_of('clock.as_of') }}
),

consumed as (
    select
        elapsed.contract_id,
        elapsed.period_start,
        elapsed.period_month,
        sum(consumption.amount) as amount
    from elapsed
    inner join consumption
        on
            elapsed.provider = consumption.provider
            and elapsed.currency = consumption.currency
            and elapsed.period_month = consumption.period_month
            and (elapsed.billing_account_id is null or elapsed.billing_account_id = consumption.billing_account_id)
    group by elapsed.contract_id, elapsed.period_start, elapsed.period_month
),

joined as (
    select
        elapsed.contract_id,
        elapsed.provider,
        elapsed.billing_account_id,
        elapsed.currency,
        elapsed.period_start,
        elapsed.period_end,
        elapsed.accrual_method,
        elapsed.period_month,
        elapsed.elapsed_months,
        elapsed.term_months,
        cast(elapsed.amount as decimal(26, 12)) as committed_amount,
        coalesce(consumed.amount, 0) as eligible_amount
    from elapsed
    left join consumed
        on
            elapsed.contract_id = consumed.contract_id
            and elapsed.period_start = consumed.period_start
            and elapsed.period_month = consumed.period_month
),

accumulated as (
    select
        *,
        sum(eligible_amount) over (
            partition by contract_id, period_start order by period_month rows between unbounded preceding and current row
        ) as consumed_amount
    from joined
)

select * from accumulated
