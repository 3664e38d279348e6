-- The exact amounts behind the statement lines are the showback's, per month, environment and cost center, to the pico.
with lines as (
    select
        period_month,
        environment,
        cost_center,
        sum(ledger_amount_usd) as statement_amount
    from {{ ref('int_statement_lines_described') }}
    group by period_month, environment, cost_center
),

showback as (
    select
        period_month,
        environment,
        cost_center,
        sum(total_cost_usd) as showback_amount
    from {{ ref('rpt_showback') }}
    group by period_month, environment, cost_center
)

select
    coalesce(lines.period_month, showback.period_month) as period_month,
    coalesce(lines.environment, showback.environment) as environment,
    coalesce(lines.cost_center, showback.cost_center) as cost_center,
    showback.showback_amount,
    lines.statement_amount
from lines
full outer join showback
    on
        lines.period_month = showback.period_month
        and lines.environment = showback.environment
        and lines.cost_center = showback.cost_center
where coalesce(lines.statement_amount, 0) <> coalesce(showback.showback_amount, 0)
