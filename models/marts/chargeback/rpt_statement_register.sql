{# Statements that a month's issue has replaced are listed too; their lines are in the issued files only. #}
{% set content = [
    'line_id', 'adjusts_line_id', 'event_month', 'environment', 'layer', 'pool', 'application', 'description', 'quantity',
    'quantity_unit', 'rate', 'amount', 'rule_id', 'method', 'confidence', 'target_type', 'target_id', 'source_type',
    'source_id', 'vendor', 'issuer', 'billing_account_id', 'invoice_id', 'ledger_amount_usd',
] %}
{% set statement = ['period_month', 'statement_id', 'version', 'cost_center', 'currency'] %}
with issues as (
    select * from {{ ref('int_statement_issues') }}
),

issued_lines as (
    select lines.* from {{ ref('stg_statements__issued_lines') }} as lines
),

drafted as (
    select * from {{ ref('rpt_chargeback_statements') }} where not is_issued
),

events as (
    select * from {{ ref('statement_events') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

lines as (
    select {{ statement | join(', ') }}, amount, adjusts_line_id, {{ text_key(content) }} as line_hash from issued_lines
    union all
    select {{ statement | join(', ') }}, amount, adjusts_line_id, {{ text_key(content) }} as line_hash from drafted
),

summed as (
    select
        {{ statement | join(', ') }},
        count(*) as line_count,
        sum(amount) as amount,
        sum(case when adjusts_line_id is not null then amount else 0 end) as adjustments_amount,
        {{ text_key(['count(*)', 'sum(' ~ hash_number('line_hash', 1) ~ ')', 'sum(' ~ hash_number('line_hash', 16) ~ ')']) }} as digest
    from lines
    group by {{ statement | join(', ') }}
),

decided as (
    select
        events.statement_id,
        events.version,
        max(case when events.event = 'accepted' then events.recorded_at end) as accepted_at,
        max(case when events.event = 'closed' then events.recorded_at end) as closed_at,
        sum(case when events.event = 'disputed' then 1 else 0 end) as disputes,
        sum(case when events.event in ('upheld', 'rejected') then 1 else 0 end) as decisions,
        sum(case when events.event = 'disputed' then events.amount else 0 end) as disputed_amount,
        sum(case when events.event = 'upheld' then events.amount else 0 end) as upheld_amount
    from events
    inner join clock on events.recorded_at <= clock.as_of
    group by events.statement_id, events.version
),

dated as (
    select
        summed.*,
        issues.issued_at,
        issues.prepared_by,
        issues.approved_by,
        issues.is_in_force,
        {{ add_seconds('issues.issued_at', 'cast(accept_days.value as integer) * 86400') }} as accepts_at,
        decided.accepted_at,
        decided.closed_at,
        coalesce(decided.disputes, 0) as disputes,
        coalesce(decided.disputes - decided.decisions, 0) as open_disputes,
        coalesce(decided.disputed_amount, 0) as disputed_amount,
        coalesce(decided.upheld_amount, 0) as upheld_amount,
        clock.as_of
    from summed
    cross join clock
    left join issues on summed.period_month = issues.period_month and summed.version = issues.version
    {# What policy says of a version that these feeds never issued says nothing of the draft of that number. #}
    left join decided
        on summed.statement_id = decided.statement_id and summed.version = decided.version and issues.version is not null
    {{ threshold_join('statement_accept_days', 'accept_days', 'issues.issued_at') }}
),

stated as (
    select
        period_month,
        {{ period_of('period_month') }} as period,
        statement_id,
        version,
        cost_center,
        currency,
        case
            when issued_at is null then 'draft'
            when not is_in_force then 'superseded'
            when closed_at is not null then 'closed'
            when open_disputes > 0 then 'disputed'
            when disputes > 0 then 'resolved'
            when accepted_at is not null or accepts_at <= as_of then 'accepted'
            else 'issued'
        end as state,
        cast(line_count as bigint) as line_count,
        {{ ledger('amount') }} as amount,
        {{ ledger('adjustments_amount') }} as adjustments_amount,
        {{ ledger('disputed_amount') }} as disputed_amount,
        {{ ledger('upheld_amount') }} as upheld_amount,
        issued_at,
        accepts_at,
        prepared_by,
        approved_by,
        digest
    from dated
)

select * from stated
