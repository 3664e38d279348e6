{# The final shares of service pools as driver quantities. What ends on a pool that is split by a driver goes on by that
   driver's snapshot, declared weights included; one that nobody bears keeps its share from everyone. #}
with used as (
    select * from {{ ref('int_allocation_rules_used') }}
),

steps as (
    select * from {{ ref('int_allocation_steps') }} where step = 1
),

shares as (
    select * from {{ ref('int_service_pool_shares') }} where not is_under_way
),

served as (
    select
        used.snapshot_number,
        shares.target_type,
        shares.target_id,
        cast(sum(shares.share) as decimal(26, 12)) as quantity
    from used
    inner join steps on used.period_month = steps.period_month and used.rule_id = steps.rule_id
    inner join shares on steps.period_month = shares.period_month and steps.pool = shares.pool
    where used.method in ('direct_service', 'step_down', 'reciprocal') and shares.target_type <> 'pool'
    group by used.snapshot_number, shares.target_type, shares.target_id
)

select * from served
