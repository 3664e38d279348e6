with versions as (
    select * from {{ ref('int_metered_costs_versions') }}
),

kept as (
    select
        charge_id,
        occurred_at,
        ingested_at,
        layer,
        service,
        quantity,
        quantity_unit,
        application,
        workflow,
        step,
        agent_id,
        tenant_id,
        team,
        cost_center,
        unit_type,
        unit_id,
        environment,
        amount_micros,
        currency,
        cost_micros_usd,
        cost_status,
        unit_shares,
        source_system,
        file_path,
        landed_row
    from versions
    where replaced_at is null
)

select * from kept
