-- What does a success cost with the work around production on top? Cost of record (`full`: production, all layers), and
-- `fully_loaded`: plus what the month's other environments cost in direct charges, by the unit types that they name; what
-- names none is spread over the types by their production cost.
with economics as (
    select
        period_start as period_month,
        unit_type,
        {{ ledger('sum(final_cost_usd)') }} as final_cost_usd,
        cast(sum(successful_units) as bigint) as successful_units
    from {{ ref('rpt_unit_economics') }}
    where period_grain = 'month' and environment = 'production'
    group by period_start, unit_type
),

other_costs as (
    select
        period_month,
        unit_type,
        {{ ledger('sum(cost_usd)') }} as other_cost_usd
    from {{ ref('int_direct_costs_monthly') }}
    where environment <> 'production'
    group by period_month, unit_type
),

spread as (
    select
        economics.*,
        coalesce(named.other_cost_usd, 0) as own_other_cost_usd,
        {{ money_ratio('economics.final_cost_usd', 'sum(economics.final_cost_usd) over (partition by economics.period_month)') }} as cost_share,
        coalesce(unnamed.other_cost_usd, 0) as shared_other_cost_usd
    from economics
    left join other_costs as named on economics.period_month = named.period_month and economics.unit_type = named.unit_type
    left join other_costs as unnamed on economics.period_month = unnamed.period_month and unnamed.unit_type is null
),

loaded as (
    select
        *,
        {{ ledger('final_cost_usd + own_other_cost_usd + cast(shared_other_cost_usd as decimal(24, 9)) * cast(coalesce(cost_share, 0) as decimal(13, 12))') }} as fully_loaded_cost_usd
    from spread
)

select
    period_month,
    unit_type,
    successful_units,
    final_cost_usd as full_cost_usd,
    fully_loaded_cost_usd,
    {{ money_ratio('final_cost_usd', 'successful_units') }} as full_cost_per_success_usd,
    {{ money_ratio('fully_loaded_cost_usd', 'successful_units') }} as fully_loaded_cost_per_success_usd
from loaded
order by period_month, unit_type
