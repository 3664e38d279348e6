with showback as (
    select * from {{ ref('rpt_showback') }} where environment = 'production'
),

units as (
    select * from {{ ref('fct_units') }} where environment = 'production' and tenant_id is not null
),

revenue as (
    select * from {{ ref('int_tenant_revenue_months') }}
),

{# What no tenant caused stays on lines of its own: the platform's, and what nobody is known for. #}
costs as (
    select
        period_month,
        coalesce(tenant_id, '__unattributed__') as tenant_id,
        direct_cost_usd,
        0 as allocated_cost_usd
    from showback
    where direct_cost_usd <> 0
    union all
    select
        period_month,
        coalesce(
            tenant_id,
            case when cost_center in ('__unallocated__', '__unassigned__') then '__unattributed__' else '__platform__' end
        ) as tenant_id,
        0 as direct_cost_usd,
        allocated_cost_usd
    from showback
    where allocated_cost_usd <> 0
),

listed as (
    select
        period_month,
        tenant_id,
        direct_cost_usd,
        allocated_cost_usd,
        0 as successful_units,
        0 as final_cost_usd,
        cast(null as decimal(38, 12)) as revenue_usd
    from costs
    union all
    select
        cohort_month as period_month,
        tenant_id,
        0 as direct_cost_usd,
        0 as allocated_cost_usd,
        case when state = 'success' then 1 else 0 end as successful_units,
        case when is_final then total_cost_usd else 0 end as final_cost_usd,
        null as revenue_usd
    from units
    union all
    select
        period_month,
        tenant_id,
        0 as direct_cost_usd,
        0 as allocated_cost_usd,
        0 as successful_units,
        0 as final_cost_usd,
        revenue_usd
    from revenue
),

summed as (
    select
        period_month,
        tenant_id,
        tenant_id not in ('__unattributed__', '__platform__') as is_tenant,
        {{ ledger('sum(direct_cost_usd)') }} as direct_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {{ ledger('sum(direct_cost_usd) + sum(allocated_cost_usd)') }} as cost_usd,
        cast(sum(successful_units) as bigint) as successful_units,
        {{ ledger('sum(final_cost_usd)') }} as final_unit_cost_usd,
        {{ ledger('sum(revenue_usd)') }} as revenue_usd
    from listed
    group by period_month, tenant_id
),

ranked as (
    select
        *,
        sum(cost_usd) over (partition by period_month) as total_cost_usd,
        row_number() over (partition by period_month, is_tenant order by cost_usd desc, tenant_id) as place,
        sum(cost_usd) over (
            partition by period_month, is_tenant order by cost_usd desc, tenant_id rows between unbounded preceding and current row
        ) as cumulative_cost_usd
    from summed
),

compared as (
    select
        period_month,
        tenant_id,
        is_tenant,
        direct_cost_usd,
        allocated_cost_usd,
        cost_usd,
        successful_units,
        {{ money_ratio('cost_usd', 'successful_units') }} as cost_per_successful_unit_usd,
        case when is_tenant then revenue_usd end as revenue_usd,
        case when is_tenant then {{ ledger('revenue_usd - cost_usd') }} end as margin_usd,
        case when is_tenant then {{ money_ratio('(revenue_usd - cost_usd)', 'revenue_usd') }} end as margin_rate,
        final_unit_cost_usd,
        case when is_tenant then {{ ledger('revenue_usd - final_unit_cost_usd') }} end as margin_on_final_units_usd,
        {{ ledger('total_cost_usd') }} as total_cost_usd,
        {{ money_ratio('cost_usd', 'total_cost_usd') }} as cost_share,
        case when is_tenant then {{ ledger('cumulative_cost_usd') }} end as cumulative_cost_usd,
        case when is_tenant then {{ money_ratio('cumulative_cost_usd', 'total_cost_usd') }} end as cumulative_cost_share,
        case when is_tenant then cast(place as bigint) end as cost_rank
    from ranked
)

select * from compared
