-- Statements = pools to the cent, per currency, environment and month: the lines of a source sum to its exact amount,
-- rounded once, half away from zero, in minor units. Calls, charges and reviews likewise, per total. Adjustments count with the month that they adjust.
with lines as (
    select
        event_month as period_month,
        environment,
        source_type,
        currency,
        sum(amount) as posted_amount
    from {{ ref('rpt_chargeback_statements') }}
    where source_type <> 'correction'
    group by event_month, environment, source_type, currency
),

pools as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        currency,
        {{ in_units('posted_units', 'minor_unit_exponent') }} as posted_amount
    from {{ ref('int_allocation_sources') }}
),

others as (
    select distinct
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        currency,
        {{ in_units('posted_total_units', 'minor_unit_exponent') }} as posted_amount
    from {{ ref('int_statement_direct_lines') }}
    union all
    select distinct
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        currency,
        {{ in_units('posted_total_units', 'minor_unit_exponent') }} as posted_amount
    from {{ ref('int_statement_true_ups') }}
),

listed as (
    select * from pools
    union all
    select * from others
),

sources as (
    select
        period_month,
        environment,
        source_type,
        currency,
        sum(posted_amount) as posted_amount
    from listed
    group by period_month, environment, source_type, currency
)

select
    coalesce(lines.period_month, sources.period_month) as period_month,
    coalesce(lines.environment, sources.environment) as environment,
    coalesce(lines.source_type, sources.source_type) as source_type,
    coalesce(lines.currency, sources.currency) as currency,
    sources.posted_amount as expected_amount,
    lines.posted_amount
from lines
full outer join sources
    on
        lines.period_month = sources.period_month
        and lines.environment = sources.environment
        and lines.source_type = sources.source_type
        and lines.currency = sources.currency
where coalesce(lines.posted_amount, 0) <> coalesce(sources.posted_amount, 0)
