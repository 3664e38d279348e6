{# What each cost center bears of every pool, one line per target. The posted total is the pool's, in its own currency. #}
with borne as (
    select
        source_number,
        target_type,
        target_id,
        cost_center,
        sum(driver_quantity) as driver_quantity,
        sum(allocated_units) as ledger_units
    from {{ ref('int_allocated_costs_borne') }}
    group by source_number, target_type, target_id, cost_center
),

sources as (
    select * from {{ ref('int_allocation_sources') }}
),

choices as (
    select * from {{ ref('int_allocation_choices') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

lines as (
    select
        sources.period_month,
        sources.environment,
        sources.source_type,
        sources.source_id,
        sources.source_date,
        sources.pool,
        sources.layer,
        sources.vendor,
        case when sources.source_type = 'api_key' then coalesce(accounts.issuer, sources.vendor) end as issuer,
        sources.billing_account_id,
        sources.invoice_id,
        borne.cost_center,
        cast(null as {{ dbt.type_string() }}) as application,
        borne.target_type,
        borne.target_id,
        case borne.target_type when '__idle__' then choices.idle_rule_id when '__unallocated__' then choices.kept_rule_id else choices.rule_id end as rule_id,
        case borne.target_type when '__idle__' then 'idle' when '__unallocated__' then case when choices.kept_rule_id is null then 'unallocated' else 'keep_unattributed' end else choices.method end as method,
        case borne.target_type when '__idle__' then 'medium' when '__unallocated__' then 'none' else choices.confidence end as confidence,
        cast(borne.driver_quantity as decimal(26, 12)) as quantity,
        case borne.target_type when '__idle__' then choices.idle_driver when '__unallocated__' then null else coalesce(choices.driver, 'weight') end as quantity_unit,
        sources.currency,
        sources.minor_unit_exponent,
        borne.ledger_units as amount_pico,
        borne.ledger_units,
        sources.posted_units as posted_total_units
    from borne
    inner join sources on borne.source_number = sources.source_number
    inner join choices on borne.source_number = choices.source_number
    left join accounts
        on sources.billing_account_id = accounts.billing_account_id and sources.vendor = accounts.provider
)

select * from lines
