-- Who pays for what? Per month and cost center: its direct cost by layer and the shared cost it bears, and why the direct cost
-- is its own (told by the record itself, or found through the owner of a team, workflow, application, agent or account).
with direct as (
    select * from {{ ref('int_direct_costs_monthly') }}
),

shared as (
    select
        period_month,
        environment,
        cost_center,
        {{ ledger('sum(allocated_cost_usd)') }} as shared_cost_usd
    from {{ ref('rpt_showback') }}
    group by period_month, environment, cost_center
),

summed as (
    select
        period_month,
        environment,
        cost_center,
        {% for layer in cost_layers() -%}
        {{ ledger("sum(case when layer = '" ~ layer ~ "' then cost_usd else 0 end)") }} as {{ layer }}_cost_usd,
        {% endfor -%}
        {{ ledger('sum(cost_usd)') }} as direct_cost_usd,
        {{ ledger("sum(case when cost_center_confidence = 'direct' then cost_usd else 0 end)") }} as told_cost_usd,
        sum(unpriced_events) as unpriced_events
    from direct
    group by period_month, environment, cost_center
),

joined as (
    select
        coalesce(summed.period_month, shared.period_month) as period_month,
        coalesce(summed.environment, shared.environment) as environment,
        coalesce(summed.cost_center, shared.cost_center) as cost_center,
        {% for layer in cost_layers() -%}
        summed.{{ layer }}_cost_usd,
        {% endfor -%}
        coalesce(summed.direct_cost_usd, 0) as direct_cost_usd,
        coalesce(shared.shared_cost_usd, 0) as shared_cost_usd,
        {{ ledger('coalesce(summed.direct_cost_usd, 0) + coalesce(shared.shared_cost_usd, 0)') }} as total_cost_usd,
        {{ money_ratio('summed.told_cost_usd', 'summed.direct_cost_usd') }} as told_share,
        summed.unpriced_events
    from summed
    full outer join shared
        on
            summed.period_month = shared.period_month
            and summed.environment = shared.environment
            and summed.cost_center = shared.cost_center
)

select * from joined
order by period_month, environment, total_cost_usd desc, cost_center
