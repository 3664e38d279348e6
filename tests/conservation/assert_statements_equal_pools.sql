-- Statements = pools to the cent, per source, currency, environment and month: the lines of a source sum to its exact
-- amount, rounded once, half away from zero, in minor units. The ledger amounts behind the lines sum to the ledger.
with lines as (
    select
        period_month,
        environment,
        source_type,
        currency,
        sum(amount) as posted_amount,
        sum(ledger_amount_usd) as ledger_amount
    from {{ ref('rpt_chargeback_statements') }}
    group by period_month, environment, source_type, currency
),

pools as (
    select
        period_month,
        environment,
        source_type,
        currency,
        sum({{ in_units('posted_units', 'minor_unit_exponent') }}) as posted_amount,
        {{ pico_to_ledger('sum(amount_usd_pico)') }} as ledger_amount
    from {{ ref('int_allocation_sources') }}
    group by period_month, environment, source_type, currency
),

direct_totals as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        currency,
        {{ in_units('max(posted_total_units)', 'max(minor_unit_exponent)') }} as posted_amount,
        {{ pico_to_ledger('sum(ledger_units)') }} as ledger_amount
    from {{ ref('int_statement_direct_lines') }}
    group by period_month, environment, source_type, source_id, currency
),

direct_costs as (
    select
        period_month,
        environment,
        source as source_type,
        sum(cost_usd) as ledger_amount
    from {{ ref('int_direct_costs_monthly') }}
    group by period_month, environment, source
),

sources as (
    select * from pools
    union all
    select
        direct_totals.period_month,
        direct_totals.environment,
        direct_totals.source_type,
        direct_totals.currency,
        sum(direct_totals.posted_amount) as posted_amount,
        max(direct_costs.ledger_amount) as ledger_amount
    from direct_totals
    left join direct_costs
        on
            direct_totals.period_month = direct_costs.period_month
            and direct_totals.environment = direct_costs.environment
            and direct_totals.source_type = direct_costs.source_type
    group by direct_totals.period_month, direct_totals.environment, direct_totals.source_type, direct_totals.currency
)

select
    coalesce(lines.period_month, sources.period_month) as period_month,
    coalesce(lines.environment, sources.environment) as environment,
    coalesce(lines.source_type, sources.source_type) as source_type,
    coalesce(lines.currency, sources.currency) as currency,
    sources.posted_amount as expected_amount,
    lines.posted_amount,
    sources.ledger_amount as expected_ledger_amount,
    lines.ledger_amount
from lines
full outer join sources
    on
        lines.period_month = sources.period_month
        and lines.environment = sources.environment
        and lines.source_type = sources.source_type
        and lines.currency = sources.currency
where
    coalesce(lines.posted_amount, 0) <> coalesce(sources.posted_amount, 0)
    or coalesce(lines.ledger_amount, 0) <> coalesce(sources.ledger_amount, 0)
