-- What fct_accruals shows as accrued at a month end is what the journals of that month accrue, per entity and currency.
with accruals as (
    select
        period,
        entity,
        currency,
        open_accrual as amount,
        0 as journal_amount
    from {{ ref('fct_accruals') }}
),

entries as (
    select
        period,
        entity,
        currency,
        0 as amount,
        debit - credit as journal_amount
    from {{ ref('fct_journal_entries') }}
    where entry_type = 'accrual' and layer <> '__none__'
),

listed as (
    select * from accruals
    union all
    select * from entries
),

summed as (
    select
        period,
        entity,
        currency,
        sum(amount) as open_accrual,
        sum(journal_amount) as journal_accrual
    from listed
    group by period, entity, currency
)

select * from summed where open_accrual <> journal_accrual
