{# Both sides of every journal, and its mirror: of an accrual on the first day after, of a document when it was voided,
   replaced or corrected. What is booked in a closed period
   rests on what was known then, so that it does not change. #}
{% set header = ['journal_id', 'entity', 'entry_type', 'source_type', 'source_id', 'posting_date', 'period_month', 'currency', 'fx_rate', 'memo', 'reversed_on'] %}
with lines as (
    select * from {{ ref('int_journal_lines') }}
),

closes as (
    select * from {{ ref('int_period_closes') }} where newest_first = 1 and reopened_at is null
),

sided as (
    select
        {{ header | join(',\n        ') }},
        account,
        layer,
        cost_center,
        amount,
        0 as side
    from lines
    union all
    select
        {{ header | join(',\n        ') }},
        counter_account as account,
        '__none__' as layer,
        '__none__' as cost_center,
        -sum(amount) as amount,
        1 as side
    from lines
    group by {{ header | join(', ') }}, counter_account
    having sum(amount) <> 0
),

mirrored as (
    select
        sided.*,
        cast(null as {{ dbt.type_string() }}) as reversal_of
    from sided
    union all
    select
        {{ text_key(['journal_id', "'reversal'"]) }} as journal_id,
        entity,
        'reversal' as entry_type,
        source_type,
        source_id,
        reversed_on as posting_date,
        {{ month_of('reversed_on') }} as period_month,
        currency,
        fx_rate,
        concat('Reversal: ', memo) as memo,
        reversed_on,
        account,
        layer,
        cost_center,
        -amount as amount,
        side,
        journal_id as reversal_of
    from sided
    where reversed_on is not null
),

numbered as (
    select
        *,
        row_number() over (partition by journal_id order by side, account, layer, cost_center) as line_number
    from mirrored
),

{# Running totals end at zero in one currency, so they do in the other. #}
added as (
    select
        *,
        sum(amount) over (partition by journal_id order by line_number rows between unbounded preceding and current row) as running_amount
    from numbered
),

translated as (
    select
        *,
        {{ posted(translated('running_amount', 'fx_rate'), "'" ~ checked_var('reporting_currency') ~ "'") }} as running_total
    from added
),

functional as (
    select
        *,
        running_total - coalesce(lag(running_total) over (partition by journal_id order by line_number), 0) as functional_amount
    from translated
),

{# Who answers for the journals is who closed their period; nobody does while it is open. #}
signed as (
    select
        functional.*,
        closes.closed_by as prepared_by,
        closes.approved_by
    from functional
    left join closes on functional.entity = closes.entity and functional.period_month = closes.period_month
),

typed as (
    select
        journal_id,
        cast(line_number as integer) as line_number,
        entry_type,
        posting_date,
        {{ period_of('period_month') }} as period,
        period_month,
        entity,
        account,
        layer,
        cost_center,
        cast(case when amount > 0 then amount else 0 end as decimal(38, 12)) as debit,
        cast(case when amount < 0 then -amount else 0 end as decimal(38, 12)) as credit,
        currency,
        fx_rate,
        cast(case when functional_amount > 0 then functional_amount else 0 end as decimal(38, 12)) as functional_debit,
        cast(case when functional_amount < 0 then -functional_amount else 0 end as decimal(38, 12)) as functional_credit,
        source_type,
        source_id,
        reversal_of,
        memo,
        prepared_by,
        approved_by
    from signed
)

select * from typed
