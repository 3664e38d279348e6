{# Late knowledge is a row of its own in the first open period; what a closed period shows does not move. #}
{% set dimensions = ['entity', 'environment', 'source', 'layer', 'cost_center', 'issuer', 'billing_account_id'] %}
with entries as (
    select * from {{ ref('int_posting_entries') }}
),

posting_periods as (
    select * from {{ ref('int_posting_periods') }}
),

placed as (
    select
        entries.*,
        coalesce(posting_periods.posting_month, entries.event_month) as posting_month
    from entries
    left join posting_periods
        on
            entries.entity = posting_periods.entity
            and entries.event_month = posting_periods.event_month
            and entries.known_slot = posting_periods.known_slot
),

summed as (
    select
        event_month,
        posting_month,
        {{ dimensions | join(',\n        ') }},
        case when posting_month <> event_month or reason = 'manual' then reason end as adjustment_reason,
        max(known_at) as known_at,
        sum(amount_usd) as amount_usd
    from placed
    group by
        event_month, posting_month, {{ dimensions | join(', ') }},
        case when posting_month <> event_month or reason = 'manual' then reason end
    {# What costs nothing is no posting: a later version of it would make it vanish from a closed month. #}
    having sum(amount_usd) <> 0
),

identified as (
    select
        *,
        {{ text_key(['event_month', 'posting_month'] + dimensions + ['adjustment_reason']) }} as posting_id,
        {{ text_key(['event_month', 'event_month'] + dimensions + ['null']) }} as original_posting_id
    from summed
),

linked as (
    select
        identified.*,
        originals.posting_id as adjusts_posting_id
    from identified
    left join identified as originals
        on identified.original_posting_id = originals.posting_id and identified.posting_id <> originals.posting_id
),

posted_rows as (
    select
        posting_id,
        {{ period_of('event_month') }} as event_period,
        {{ period_of('posting_month') }} as posting_period,
        event_month as period_month,
        posting_month,
        adjustment_reason is not null as is_adjustment,
        adjustment_reason,
        adjusts_posting_id,
        {{ dimensions | join(',\n    ') }},
        cast(amount_usd as decimal(38, 12)) as amount_usd,
        known_at
    from linked
)

select * from posted_rows
