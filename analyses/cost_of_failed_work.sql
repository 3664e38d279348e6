-- What did work cost that came to nothing? Per month and unit type: failed and cancelled units as a whole, and, in units that
-- succeeded or are open, the calls that were retried, replaced or lost. Each amount stands once; they add up to the waste.
with waste as (
    select * from {{ ref('rpt_waste') }} where environment = 'production'
),

economics as (
    select
        period_start as period_month,
        unit_type,
        sum(failed_units) as failed_units,
        sum(attempted_units) as attempted_units
    from {{ ref('rpt_unit_economics') }}
    where period_grain = 'month' and environment = 'production'
    group by period_start, unit_type
),

summed as (
    select
        period_month,
        unit_type,
        {{ ledger("sum(case when unit_class = 'failed' then cost_usd else 0 end)") }} as failed_units_cost_usd,
        {{ ledger("sum(case when unit_class = 'cancelled' then cost_usd else 0 end)") }} as cancelled_units_cost_usd,
        {% for class in ['superseded_retry', 'superseded_fallback', 'failed_final'] -%}
        {{ ledger("sum(case when unit_class not in ('failed', 'cancelled') and call_class = '" ~ class ~ "' then cost_usd else 0 end)") }} as {{ class }}_cost_usd,
        {% endfor -%}
        {{ ledger('sum(case when is_waste then cost_usd else 0 end)') }} as waste_usd,
        {{ ledger('sum(cost_usd)') }} as total_cost_usd
    from waste
    group by period_month, unit_type
)

select
    summed.*,
    {{ money_ratio('summed.waste_usd', 'summed.total_cost_usd') }} as waste_share,
    economics.failed_units,
    economics.attempted_units
from summed
left join economics on summed.period_month = economics.period_month and summed.unit_type = economics.unit_type
order by summed.waste_usd desc, summed.period_month, summed.unit_type
