-- Reciprocal pools end with final targets: what is still under way between service pools after the last hop is less than a
-- billionth. Otherwise they hand on to one another for ever; give one of them a final target.
select
    'reciprocal_loop: this service pool hands on to pools only; give it or them a final target in seeds/policy/allocation_weights.csv' as reason,
    period_month,
    pool,
    sum(share) as share_under_way
from {{ ref('int_service_pool_shares') }}
where is_under_way
group by period_month, pool
having sum(share) > 0.000000001
