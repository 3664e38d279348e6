{{ config(materialized='table') }}
{# What counts and what a later version replaced, both priced alike; only postings need the latter. #}
with resolved as (
    select * from {{ ref('int_metered_costs_resolved') }} where record_status = 'kept' or replaced_at is not null
),

service_prices as (
    select * from {{ ref('service_prices') }}
),

environments as (
    select * from {{ ref('environments') }}
),

other_environments as (
    select * from {{ ref('int_unit_other_environments') }}
),

unit_shares as (
    select * from {{ ref('int_unit_shares') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

{# A charge of several units that names no environment follows them where they all lie in one, else it is production's. #}
shared_environments as (
    select
        unit_shares.source_system,
        unit_shares.file_path,
        unit_shares.landed_row,
        min(other_environments.environment) as environment
    from unit_shares
    left join other_environments
        on unit_shares.unit_type = other_environments.unit_type and unit_shares.unit_id = other_environments.unit_id
    group by unit_shares.source_system, unit_shares.file_path, unit_shares.landed_row
    having count(*) = count(other_environments.environment) and min(other_environments.environment) = max(other_environments.environment)
),

{# The amount that the source states is the charge; a quantity alone is priced by the dated service price. #}
priced as (
    select
        resolved.charge_id,
        resolved.occurred_at,
        resolved.ingested_at,
        resolved.replaced_at,
        resolved.layer,
        resolved.service,
        resolved.quantity,
        resolved.quantity_unit,
        resolved.application,
        resolved.workflow,
        resolved.step,
        resolved.agent_id,
        resolved.tenant_id,
        resolved.team,
        resolved.cost_center,
        resolved.unit_type,
        resolved.unit_id,
        resolved.unit_shares,
        resolved.source_system,
        resolved.file_path,
        resolved.landed_row,
        case
            when resolved.environment is null then coalesce(other_environments.environment, shared_environments.environment, 'production')
            else coalesce(environments.environment, 'unknown')
        end as environment,
        coalesce(
            resolved.amount * 1000000,
            resolved.quantity * {{ rate_per_million('service_prices.price', 'service_prices.per_quantity') }}
        ) as amount_micros,
        case when resolved.amount is not null then resolved.currency else service_prices.currency end as currency
    from resolved
    left join service_prices
        on
            resolved.service = service_prices.service
            and resolved.quantity_unit = service_prices.quantity_unit
            and resolved.occurred_at >= coalesce(cast(service_prices.valid_from as timestamp), cast('0001-01-01' as timestamp))
            and resolved.occurred_at < coalesce(cast(service_prices.valid_to as timestamp), cast('9999-12-31' as timestamp))
    left join environments on resolved.environment = environments.reported_environment
    left join other_environments
        on resolved.unit_type = other_environments.unit_type and resolved.unit_id = other_environments.unit_id
    left join shared_environments
        on
            resolved.source_system = shared_environments.source_system
            and resolved.file_path = shared_environments.file_path
            and resolved.landed_row = shared_environments.landed_row
),

converted as (
    select
        priced.*,
        {{ in_reporting_currency('priced.amount_micros', 'priced.currency', 'fx_rates.rate', 'priced.occurred_at') }} as cost_micros_usd,
        case when priced.amount_micros is null then 'unpriced' else 'priced' end as cost_status
    from priced
    left join fx_rates on priced.currency = fx_rates.currency and cast(priced.occurred_at as date) = fx_rates.rate_date
)

select * from converted
