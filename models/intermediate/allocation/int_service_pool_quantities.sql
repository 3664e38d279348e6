{# The final shares of service pools as quantities. What ends on a pool of another kind goes on by that pool's own split;
   where nobody bears that pool, it is unallocated. #}
with used as (
    select * from {{ ref('int_allocation_rules_used') }}
),

steps as (
    select * from {{ ref('int_allocation_steps') }}
),

shares as (
    select * from {{ ref('int_service_pool_shares') }} where not is_under_way
),

quantities as (
    select * from {{ ref('int_allocation_quantities') }}
),

serving as (
    select
        used.snapshot_number,
        used.period_month,
        used.environment,
        shares.target_type,
        shares.target_id,
        shares.share
    from used
    inner join steps on used.period_month = steps.period_month and used.rule_id = steps.rule_id and steps.step = 1
    inner join shares on steps.period_month = shares.period_month and steps.pool = shares.pool
    where used.method in ('direct_service', 'step_down', 'reciprocal')
),

totals as (
    select
        snapshot_number,
        sum(quantity) as quantity_sum
    from quantities
    group by snapshot_number
),

receiving as (
    select
        steps.period_month,
        steps.pool,
        used.environment,
        totals.snapshot_number,
        totals.quantity_sum,
        row_number() over (partition by steps.period_month, steps.pool, used.environment order by steps.step) as turn
    from steps
    inner join used on steps.period_month = used.period_month and steps.rule_id = used.rule_id and used.api_key_id is null
    inner join totals on used.snapshot_number = totals.snapshot_number
),

handed_on as (
    select
        serving.snapshot_number,
        coalesce(quantities.target_type, '__unallocated__') as target_type,
        coalesce(quantities.target_id, '__unallocated__') as target_id,
        case
            when quantities.quantity is null then serving.share
            else serving.share * cast({{ money_ratio('quantities.quantity', 'receiving.quantity_sum') }} as decimal(18, 12))
        end as quantity
    from serving
    left join receiving
        on
            serving.period_month = receiving.period_month
            and serving.environment = receiving.environment
            and serving.target_id = receiving.pool
            and receiving.turn = 1
    left join quantities on receiving.snapshot_number = quantities.snapshot_number
    where serving.target_type = 'pool'
),

listed as (
    select
        snapshot_number,
        target_type,
        target_id,
        share as quantity
    from serving
    where target_type <> 'pool'
    union all
    select * from handed_on
),

summed as (
    select
        snapshot_number,
        target_type,
        target_id,
        cast(sum(quantity) as decimal(26, 12)) as quantity,
        true as is_declared
    from listed
    group by snapshot_number, target_type, target_id
)

select * from summed
