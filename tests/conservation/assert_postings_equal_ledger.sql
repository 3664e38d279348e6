-- Every cost of the ledger is posted once: per month of the event, environment and layer, and so in total, whatever the
-- period it went to. As reported and as restated are two sums over the same rows.
with sources as (
    select period_month, environment, layer, cost_usd as amount_usd from {{ ref('int_direct_costs_monthly') }}
    union all
    select period_month, environment, layer, {{ pico_to_ledger('amount_usd_pico') }} as amount_usd from {{ ref('int_shared_cost_months') }}
    union all
    select event_month as period_month, environment, layer, amount_usd
    from {{ ref('int_posting_entries') }}
    where source = 'manual'
    union all
    select period_month, environment, layer, -amount_usd as amount_usd from {{ ref('fct_postings') }}
),

ledger as (
    select
        period_month,
        environment,
        layer,
        sum(amount_usd) as difference_usd
    from sources
    group by period_month, environment, layer
),

totals as (
    select
        sum(as_reported_usd) as as_reported_usd,
        sum(as_restated_usd) as as_restated_usd
    from {{ ref('rpt_period_close') }}
)

select
    'ledger' as law,
    period_month,
    environment,
    layer,
    difference_usd
from ledger
where difference_usd <> 0
union all
select
    'two views' as law,
    cast(null as date) as period_month,
    cast(null as {{ dbt.type_string() }}) as environment,
    cast(null as {{ dbt.type_string() }}) as layer,
    as_reported_usd - as_restated_usd as difference_usd
from totals
where as_reported_usd <> as_restated_usd
