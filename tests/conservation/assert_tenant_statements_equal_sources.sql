-- The lines of all tenants, with the two lines that are no tenant, sum to what each source posts, to the minor unit, and
-- to the exact amounts behind the cost centers' statements, per month and environment, to the pico.
with totals as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        currency,
        max(posted_total_units) as expected_units,
        sum(posted_units) as posted_units
    from {{ ref('int_tenant_statement_lines') }}
    group by period_month, environment, source_type, source_id, source_date, currency
),

tenants as (
    select
        period_month,
        environment,
        sum(ledger_amount_usd) as tenant_amount
    from {{ ref('rpt_tenant_statements') }}
    group by period_month, environment
),

cost_centers as (
    select
        period_month,
        environment,
        sum(ledger_amount_usd) as cost_center_amount
    from {{ ref('int_statement_lines_described') }}
    group by period_month, environment
)

select
    'lines do not sum to the source' as broken,
    period_month,
    environment,
    source_id
from totals
where expected_units <> posted_units
union all
select
    'tenants and cost centers differ' as broken,
    coalesce(tenants.period_month, cost_centers.period_month) as period_month,
    coalesce(tenants.environment, cost_centers.environment) as environment,
    cast(null as {{ dbt.type_string() }}) as source_id
from tenants
full outer join cost_centers
    on tenants.period_month = cost_centers.period_month and tenants.environment = cost_centers.environment
where coalesce(tenants.tenant_amount, 0) <> coalesce(cost_centers.cost_center_amount, 0)
