{{ config(materialized='table') }}
{# Where the money of a service pool ends: 64 hops. What is still under way then stays on a service pool; a test stops the
   build when that is more than a billionth. #}
with senders as (
    select distinct
        period_month,
        source_id as pool
    from {{ ref('int_service_pool_edges') }}
    where source_type = 'pool' and not (target_type = 'pool' and target_id = source_id)
),

{{ doubled_hops(ref('int_service_pool_hops'), 3) }},

ended as (
    select
        hops_3.period_month,
        hops_3.source_id as pool,
        hops_3.target_type,
        hops_3.target_id,
        hops_3.share,
        receivers.pool is not null as is_under_way
    from hops_3
    inner join senders
        on hops_3.period_month = senders.period_month and hops_3.source_type = 'pool' and hops_3.source_id = senders.pool
    left join senders as receivers
        on
            hops_3.period_month = receivers.period_month
            and hops_3.target_type = 'pool'
            and hops_3.target_id = receivers.pool
)

select * from ended
