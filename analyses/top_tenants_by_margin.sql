-- Which tenants earn their keep? Revenue of the months of each tenant less the full cost of its production units, largest
-- margin first; and how concentrated the cost is. Cost without a tenant is a line of its own, never spread over the others.
with units as (
    select * from {{ ref('fct_units') }} where environment = 'production' and is_attempted
),

revenues as (
    select * from {{ ref('int_tenant_revenue') }} where currency = '{{ checked_var('reporting_currency') }}'
),

costs as (
    select
        coalesce(tenant_id, '__no_tenant__') as tenant_id,
        {{ ledger('sum(total_cost_usd)') }} as cost_usd,
        sum(case when state = 'success' then 1 else 0 end) as successful_units,
        min(cohort_month) as first_month,
        max(cohort_month) as last_month
    from units
    group by coalesce(tenant_id, '__no_tenant__')
),

earned as (
    select
        tenant_id,
        {{ ledger('sum(revenue_amount)') }} as revenue_usd
    from revenues
    group by tenant_id
),

joined as (
    select
        coalesce(costs.tenant_id, earned.tenant_id) as tenant_id,
        costs.first_month,
        costs.last_month,
        costs.successful_units,
        coalesce(costs.cost_usd, 0) as cost_usd,
        earned.revenue_usd,
        {{ ledger('earned.revenue_usd - coalesce(costs.cost_usd, 0)') }} as margin_usd
    from costs
    full outer join earned on costs.tenant_id = earned.tenant_id
),

ranked as (
    select
        *,
        sum(cost_usd) over (order by cost_usd desc, tenant_id rows between unbounded preceding and current row) as cumulative_cost_usd,
        sum(cost_usd) over () as all_cost_usd
    from joined
)

select
    tenant_id,
    first_month,
    last_month,
    successful_units,
    cost_usd,
    revenue_usd,
    margin_usd,
    {{ money_ratio('margin_usd', 'revenue_usd') }} as margin_rate,
    {{ money_ratio('cumulative_cost_usd', 'all_cost_usd') }} as cumulative_cost_share
from ranked
order by margin_usd desc nulls last, tenant_id
