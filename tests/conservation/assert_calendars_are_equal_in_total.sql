-- The cohort, outcome and cost calendars date the same money (semantics.md section 5): their totals are equal to the pico.
with calendars as (
    select
        environment,
        unit_type,
        sum(case when calendar = 'cohort' then cost_usd else 0 end) as cohort_cost_usd,
        sum(case when calendar = 'outcome' then cost_usd else 0 end) as outcome_cost_usd,
        sum(case when calendar = 'cost' then cost_usd else 0 end) as cost_date_cost_usd
    from {{ ref('rpt_unit_cost_calendars') }}
    group by environment, unit_type
),

units as (
    select
        environment,
        unit_type,
        sum(total_cost_usd) as total_cost_usd
    from {{ ref('fct_units') }}
    group by environment, unit_type
)

select
    'calendars: the three calendars must add up to the cost of the units; look for a cost without a month' as reason,
    units.*,
    calendars.cohort_cost_usd,
    calendars.outcome_cost_usd,
    calendars.cost_date_cost_usd
from units
left join calendars on units.environment = calendars.environment and units.unit_type = calendars.unit_type
where
    calendars.cohort_cost_usd is null
    or calendars.cohort_cost_usd <> units.total_cost_usd
    or calendars.outcome_cost_usd <> units.total_cost_usd
    or calendars.cost_date_cost_usd <> units.total_cost_usd
