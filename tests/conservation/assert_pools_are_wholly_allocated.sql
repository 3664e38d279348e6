-- L3: pool = allocated + unallocated + idle, per shared cost, currency and environment, to the pico. A cost that is cut by
-- months is compared whole; one in a foreign currency in its own currency, and in the reporting currency by source.
with costs as (
    select
        'shared_cost' as source_type,
        shared_cost_id as source_id,
        period_start as source_date,
        currency,
        sum(amount) as amount
    from {{ ref('int_shared_costs') }}
    group by shared_cost_id, period_start, currency
),

sources as (
    select
        'shared_cost' as source_type,
        shared_cost_id as source_id,
        period_start as source_date,
        currency,
        {{ pico_to_ledger('sum(amount_pico)') }} as amount
    from {{ ref('int_shared_cost_months') }}
    group by shared_cost_id, period_start, currency
),

allocated as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        min(source_amount_usd) as source_amount,
        sum(allocated_amount_usd) as allocated_amount
    from {{ ref('fct_allocated_costs') }}
    group by period_month, environment, source_type, source_id, source_date
),

allocation_sources as (
    select * from {{ ref('int_allocation_sources') }}
)

select
    'cost is not wholly in the months' as broken,
    coalesce(costs.source_id, sources.source_id) as source_id,
    costs.amount as expected,
    sources.amount as found
from costs
full outer join sources
    on
        costs.source_id = sources.source_id
        and costs.source_date = sources.source_date
        and costs.currency = sources.currency
        and costs.source_type = sources.source_type
where coalesce(costs.amount, 0) <> coalesce(sources.amount, 0)
union all
select
    'source is not wholly allocated' as broken,
    allocation_sources.source_id,
    {{ pico_to_ledger('allocation_sources.amount_usd_pico') }} as expected,
    allocated.allocated_amount as found
from allocation_sources
left join allocated
    on
        allocation_sources.source_type = allocated.source_type
        and allocation_sources.source_id = allocated.source_id
        and allocation_sources.source_date = allocated.source_date
        and allocation_sources.period_month = allocated.period_month
        and allocation_sources.environment = allocated.environment
where
    allocated.source_id is null
    or allocated.allocated_amount <> allocated.source_amount
    or allocated.source_amount <> {{ pico_to_ledger('allocation_sources.amount_usd_pico') }}
