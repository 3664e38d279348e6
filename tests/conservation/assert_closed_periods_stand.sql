-- What is closed does not move: its total is the one that policy asserts, and its postings are those of its snapshot.
with closes as (
    select * from {{ ref('rpt_period_close') }}
),

snapshots as (
    select * from {{ ref('period_snapshots') }}
)

select
    concat(
        'closed_period_drift: the ledger of ', period, ' (', entity, ') shows ', cast(as_reported_usd as {{ dbt.type_string() }}),
        ' and policy/periods asserts ', cast(expected_total_usd as {{ dbt.type_string() }}),
        '; find what changed, or reopen the period'
    ) as broken_rule
from closes
where status = 'closed' and difference_usd <> 0
union all
select
    concat(
        'closed_period_drift: the postings of ', closes.period, ' (', closes.entity, ') are not those it was closed with (',
        cast(snapshots.as_reported_total as {{ dbt.type_string() }}), ' then, ', cast(closes.as_reported_usd as {{ dbt.type_string() }}),
        ' now); find what changed, or reopen the period'
    ) as broken_rule
from closes
inner join snapshots
    on
        closes.period = snapshots.period
        and closes.entity = snapshots.entity
        and closes.close_version = snapshots.close_version
where closes.status = 'closed' and (closes.row_digest <> snapshots.row_digest or closes.as_reported_usd <> snapshots.as_reported_total)
union all
select
    concat(
        'closed_period_drift: the journals of ', closes.period, ' (', closes.entity,
        ') are not those it was closed with; find what changed, or reopen the period'
    ) as broken_rule
from closes
inner join snapshots
    on
        closes.period = snapshots.period
        and closes.entity = snapshots.entity
        and closes.close_version = snapshots.close_version
where closes.status = 'closed' and closes.journal_digest <> snapshots.journal_digest
