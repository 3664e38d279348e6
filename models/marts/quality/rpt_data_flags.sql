with flagged as (
    select * from {{ ref('int_data_flags') }}
),

vocabulary as (
    select * from {{ ref('data_flags') }}
),

summed as (
    select
        flag,
        feed,
        cast(sum(records) as bigint) as records,
        cast(count(distinct subject) as bigint) as subjects,
        min(subject) as first_subject,
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        min(first_seen_at) as first_seen_at
    from flagged
    group by flag, feed
),

explained as (
    select
        summed.flag,
        summed.feed,
        summed.records,
        summed.subjects,
        {{ path_below_feed('summed.feed', 'summed.first_subject') }} as first_subject,
        summed.cost_usd,
        summed.first_seen_at,
        vocabulary.meaning,
        vocabulary.remedy
    from summed
    left join vocabulary on summed.flag = vocabulary.flag
)

select * from explained
