with postings as (
    select * from {{ ref('fct_postings') }}
),

closes as (
    select * from {{ ref('int_period_closes') }}
),

snapshots as (
    select * from {{ ref('period_snapshots') }}
),

entries as (
    select
        *,
        concat(
            journal_id, '/', line_number, '/', posting_date, '/', account, '/', cost_center, '/', layer, '/', debit, '/', credit, '/', currency,
            '/', functional_debit, '/', functional_credit, '/', coalesce(reversal_of, '')
        ) as row_text
    from {{ ref('fct_journal_entries') }}
),

journals as (
    select
        entity,
        period,
        count(*) as line_count,
        sum({{ hash_number('row_text', 1) }}) as first_sum,
        sum({{ hash_number('row_text', 16) }}) as second_sum
    from entries
    group by entity, period
),

listed as (
    select entity, period from {{ ref('periods') }}
    union
    select entity, posting_period as period from postings
    union
    select entity, event_period as period from postings
),

reported as (
    select
        entity,
        posting_period as period,
        sum(amount_usd) as amount_usd,
        sum(case when event_period <> posting_period then amount_usd else 0 end) as adjustments_usd,
        count(*) as row_count,
        sum({{ hash_number("concat(posting_id, '=', cast(amount_usd as " ~ dbt.type_string() ~ "))", 1) }}) as first_sum,
        sum({{ hash_number("concat(posting_id, '=', cast(amount_usd as " ~ dbt.type_string() ~ "))", 16) }}) as second_sum
    from postings
    group by entity, posting_period
),

restated as (
    select
        entity,
        event_period as period,
        sum(amount_usd) as amount_usd
    from postings
    group by entity, event_period
),

described as (
    select
        listed.period,
        listed.entity,
        case
            when closes.closed_at is null then 'open'
            when closes.reopened_at is not null then 'reopened'
            else 'closed'
        end as status,
        coalesce(reported.amount_usd, 0) as as_reported_usd,
        coalesce(restated.amount_usd, 0) as as_restated_usd,
        coalesce(reported.adjustments_usd, 0) as adjustments_usd,
        closes.expected_total as expected_total_usd,
        coalesce(reported.amount_usd, 0) - closes.expected_total as difference_usd,
        coalesce(reported.row_count, 0) as posting_count,
        {{ text_key(['reported.row_count', 'reported.first_sum', 'reported.second_sum']) }} as row_digest,
        {{ text_key(['journals.line_count', 'journals.first_sum', 'journals.second_sum']) }} as journal_digest,
        snapshots.period is not null as is_signed,
        coalesce(closes.close_version, 0) as close_version,
        closes.closed_at,
        closes.closed_by,
        closes.approved_by,
        closes.reopened_at
    from listed
    left join closes on listed.entity = closes.entity and listed.period = closes.period and closes.newest_first = 1
    left join reported on listed.entity = reported.entity and listed.period = reported.period
    left join journals on listed.entity = journals.entity and listed.period = journals.period
    left join snapshots
        on listed.entity = snapshots.entity and listed.period = snapshots.period and closes.close_version = snapshots.close_version
    left join restated on listed.entity = restated.entity and listed.period = restated.period
),

typed as (
    select
        period,
        entity,
        {{ month_of_period('period') }} as period_month,
        status,
        cast(as_reported_usd as decimal(38, 12)) as as_reported_usd,
        cast(as_restated_usd as decimal(38, 12)) as as_restated_usd,
        cast(adjustments_usd as decimal(38, 12)) as adjustments_usd,
        cast(expected_total_usd as decimal(38, 12)) as expected_total_usd,
        cast(difference_usd as decimal(38, 12)) as difference_usd,
        cast(posting_count as bigint) as posting_count,
        row_digest,
        journal_digest,
        is_signed,
        cast(close_version as integer) as close_version,
        closed_at,
        closed_by,
        approved_by,
        reopened_at
    from described
)

select * from typed
