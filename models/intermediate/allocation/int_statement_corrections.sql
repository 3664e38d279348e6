{# What an upheld dispute moves: off the cost center that disputed, onto the one that policy names. The two lines are a
   pair, so that what vendors and pools are owed stays as it is. #}
{% set kept = ['environment', 'layer', 'pool', 'application', 'rule_id', 'vendor', 'issuer', 'billing_account_id', 'invoice_id'] %}
with events as (
    select * from {{ ref('statement_events') }} where event = 'upheld'
),

clock as (
    select * from {{ ref('int_as_of') }}
),

lines as (
    select * from {{ ref('stg_statements__issued_lines') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

upheld as (
    select
        events.event_id,
        events.amount,
        events.to_cost_center,
        lines.event_month,
        lines.cost_center,
        lines.currency,
        lines.description,
        {% for column in kept -%}
        lines.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from events
    inner join clock on events.recorded_at <= clock.as_of
    inner join lines
        on
            events.statement_id = lines.statement_id
            and events.version = lines.version
            and events.line_id = lines.line_id
),

moved as (
    select
        event_id, event_month, {{ kept | join(', ') }}, cost_center, -amount as amount, currency,
        concat('Dispute ', event_id, ' upheld: ', description) as description
    from upheld
    union all
    select
        event_id, event_month, {{ kept | join(', ') }}, to_cost_center as cost_center, amount, currency,
        concat('Taken over by dispute ', event_id) as description
    from upheld
),

corrections as (
    select
        moved.event_month as period_month,
        {{ text_key(['moved.event_id', 'moved.cost_center']) }} as line_id,
        moved.cost_center,
        cost_centers.name as cost_center_name,
        {% for column in kept -%}
        moved.{{ column }},
        {% endfor -%}
        moved.description,
        moved.currency,
        cast(moved.amount as decimal(38, 12)) as amount,
        moved.event_id as source_id
    from moved
    left join cost_centers on moved.cost_center = cost_centers.cost_center
)

select * from corrections
