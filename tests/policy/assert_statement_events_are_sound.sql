-- What people decided about statements fits what was issued: the line is on the statement, a dispute is for no more than
-- the line, a decision for no more than its dispute and only once. Feeds without issued statements are not judged.
with events as (
    select * from {{ ref('statement_events') }}
),

lines as (
    select * from {{ ref('stg_statements__issued_lines') }}
),

issued_months as (
    select distinct period_month from lines
),

placed as (
    select
        events.*,
        lines.amount as line_amount
    from events
    inner join issued_months on {{ month_of_period('substring(events.statement_id, 1, 7)') }} = issued_months.period_month
    left join lines
        on
            events.statement_id = lines.statement_id
            and events.version = lines.version
            and events.line_id = lines.line_id
),

decisions as (
    select
        dispute_id,
        count(*) as decisions
    from events
    where event in ('upheld', 'rejected')
    group by dispute_id
)

select concat('unknown_line: event ', event_id, ' names a line that is not on version ', version, ' of ', statement_id, '; correct it in seeds/policy/statement_events.csv') as broken_rule
from placed
where line_id is not null and line_amount is null
union all
select concat('too_much: event ', event_id, ' is for more than the line of ', statement_id, ' comes to; lower its amount') as broken_rule
from placed
where event in ('disputed', 'upheld') and (abs(amount) > abs(line_amount) or amount * line_amount < 0)
union all
select concat('too_much: event ', upheld.event_id, ' upholds more than dispute ', upheld.dispute_id, ' claims, or another line; correct one of them') as broken_rule
from events as upheld
inner join events as disputed on upheld.dispute_id = disputed.event_id
where
    disputed.event <> 'disputed'
    or upheld.statement_id <> disputed.statement_id
    or upheld.line_id <> disputed.line_id
    or abs(coalesce(upheld.amount, 0)) > abs(disputed.amount)
union all
select concat('no_other_bearer: event ', event_id, ' upholds a dispute to ', to_cost_center, ', which the statement is of; name the cost center that bears it instead') as broken_rule
from events
where event = 'upheld' and statement_id like concat('%/', to_cost_center, '/%')
union all
select concat('decided_twice: dispute ', dispute_id, ' has ', decisions, ' decisions; keep one') as broken_rule
from decisions
where decisions > 1
