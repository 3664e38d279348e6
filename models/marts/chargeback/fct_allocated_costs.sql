with sources as (
    select * from {{ ref('int_allocation_sources') }}
),

choices as (
    select * from {{ ref('int_allocation_choices') }}
),

allocated as (
    select * from {{ ref('int_allocated_costs') }}
),

named as (
    select
        sources.period_month,
        sources.environment,
        sources.source_type,
        sources.source_id,
        sources.source_date,
        sources.pool,
        sources.layer,
        {{ pico_to_ledger('sources.amount_usd_pico') }} as source_amount_usd,
        case allocated.target_type
            when '__idle__' then choices.idle_rule_id
            when '__unallocated__' then choices.kept_rule_id
            else choices.rule_id
        end as rule_id,
        case allocated.target_type
            when '__idle__' then 'idle'
            when '__unallocated__' then case when choices.kept_rule_id is null then 'unallocated' else 'keep_unattributed' end
            else choices.method
        end as method,
        case allocated.target_type
            when '__idle__' then choices.idle_driver
            when '__unallocated__' then null
            else choices.driver
        end as driver,
        cast(allocated.driver_quantity as decimal(38, 12)) as driver_quantity,
        {{ money_ratio(pico_to_ledger('allocated.allocated_units'), pico_to_ledger('sources.amount_usd_pico')) }} as share,
        allocated.target_type,
        allocated.target_id,
        {{ pico_to_ledger('allocated.allocated_units') }} as allocated_amount_usd,
        case allocated.target_type
            when '__idle__' then 'medium'
            when '__unallocated__' then 'none'
            else choices.confidence
        end as confidence,
        choices.flag
    from allocated
    inner join sources on allocated.source_number = sources.source_number
    inner join choices on allocated.source_number = choices.source_number
)

select * from named
