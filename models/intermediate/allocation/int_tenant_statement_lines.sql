{{ config(materialized='table') }}
{# What each tenant caused, posted like the statements of cost centers: the lines of one total are rounded together. What no
   tenant caused is on the lines of `__platform__` and `__unattributed__`, so that all lines sum to the sources. #}
{% set totals = ['period_month', 'environment', 'source', 'layer', 'provider', 'billing_account_id', 'currency'] %}
with direct_costs as (
    select
        {{ totals | join(',\n        ') }},
        coalesce(tenant_id, '__unattributed__') as tenant_id,
        application,
        sum(quantity) as quantity,
        sum(amount_pico) as amount_pico,
        sum(ledger_units) as ledger_units
    from {{ ref('int_statement_direct_costs') }}
    group by {{ totals | join(', ') }}, coalesce(tenant_id, '__unattributed__'), application
),

currencies as (
    select * from {{ ref('currencies') }}
),

direct_lines as (
    select
        direct_costs.period_month,
        direct_costs.environment,
        direct_costs.source as source_type,
        concat_ws(
            '/', direct_costs.source, direct_costs.layer, direct_costs.environment, coalesce(direct_costs.provider, '-'),
            coalesce(direct_costs.billing_account_id, '-'), direct_costs.currency,
            case when direct_costs.amount_pico < 0 then 'credit' else 'charge' end
        ) as source_id,
        direct_costs.period_month as source_date,
        direct_costs.layer,
        cast(null as {{ dbt.type_string() }}) as pool,
        direct_costs.application,
        direct_costs.provider as vendor,
        direct_costs.tenant_id,
        direct_costs.quantity,
        direct_costs.currency,
        currencies.minor_unit_exponent,
        direct_costs.amount_pico,
        direct_costs.ledger_units,
        cast(null as {{ int128_type() }}) as pool_posted_units
    from direct_costs
    left join currencies on direct_costs.currency = currencies.currency
    where direct_costs.amount_pico <> 0 or direct_costs.ledger_units <> 0
),

borne as (
    select
        source_number,
        coalesce(
            tenant_id,
            case when cost_center in ('__unallocated__', '__unassigned__') then '__unattributed__' else '__platform__' end
        ) as tenant_id,
        sum(allocated_units) as allocated_units
    from {{ ref('int_allocated_costs_borne') }}
    group by
        source_number,
        coalesce(
            tenant_id,
            case when cost_center in ('__unallocated__', '__unassigned__') then '__unattributed__' else '__platform__' end
        )
),

pool_lines as (
    select
        sources.period_month,
        sources.environment,
        sources.source_type,
        sources.source_id,
        sources.source_date,
        sources.layer,
        sources.pool,
        cast(null as {{ dbt.type_string() }}) as application,
        cast(null as {{ dbt.type_string() }}) as vendor,
        borne.tenant_id,
        cast(null as decimal(26, 12)) as quantity,
        sources.currency,
        sources.minor_unit_exponent,
        borne.allocated_units as amount_pico,
        borne.allocated_units as ledger_units,
        sources.posted_units as pool_posted_units
    from borne
    inner join {{ ref('int_allocation_sources') }} as sources on borne.source_number = sources.source_number
),

listed as (
    select * from direct_lines
    union all
    select * from pool_lines
),

totalled as (
    select
        *,
        sum(amount_pico) over (partition by period_month, source_type, source_id, source_date, environment) as total_pico,
        abs(amount_pico) as weight,
        sum(abs(amount_pico)) over (partition by period_month, source_type, source_id, source_date, environment) as weight_sum
    from listed
),

weighed as (
    select
        *,
        coalesce(pool_posted_units, {{ cumulative_slice('total_pico', '1', '1', minor_step('minor_unit_exponent')) }}) as units
    from totalled
),

{{ split_exactly('weighed', 'period_month, source_type, source_id, source_date, environment', 'tenant_id, application') }},

lines as (
    select
        period_month,
        environment,
        source_type,
        source_id,
        source_date,
        layer,
        pool,
        application,
        vendor,
        tenant_id,
        quantity,
        case when quantity <> 0 then {{ ratio_of_pico('amount_pico', pico('quantity')) }} end as rate,
        currency,
        minor_unit_exponent,
        ledger_units,
        units as posted_total_units,
        split_units as posted_units
    from split
)

select * from lines
