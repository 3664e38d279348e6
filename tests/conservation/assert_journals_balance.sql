-- Debits equal credits per journal, in its currency and in the reporting currency; one side per line; a reversal is the
-- exact mirror of what it reverses, and every accrual has one.
with entries as (
    select * from {{ ref('fct_journal_entries') }}
),

journals as (
    select
        journal_id,
        currency,
        entry_type,
        reversal_of,
        sum(debit) as debit,
        sum(credit) as credit,
        sum(functional_debit) as functional_debit,
        sum(functional_credit) as functional_credit,
        sum(case when (debit > 0) = (credit > 0) or debit < 0 or credit < 0 then 1 else 0 end) as two_sided_lines
    from entries
    group by journal_id, currency, entry_type, reversal_of
),

{# A line and its mirror meet on all that they share; one that stays alone breaks the law. #}
mirrored as (
    select
        coalesce(reversal_of, journal_id) as journal_id,
        account,
        layer,
        cost_center,
        sum(debit - credit) as amount
    from entries
    where entry_type in ('accrual', 'reversal') or journal_id in (select reversals.reversal_of from entries as reversals)
    group by coalesce(reversal_of, journal_id), account, layer, cost_center
)

select
    'debits = credits' as law,
    journal_id,
    debit - credit as difference
from journals
where debit <> credit or functional_debit <> functional_credit or two_sided_lines > 0
union all
select
    'a reversal mirrors its accrual' as law,
    journal_id,
    amount as difference
from mirrored
where amount <> 0
