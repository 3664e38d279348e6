-- Every call, charge and review whose cost is not known, or not wholly, is counted once in the direct costs of its month.
with records as (
    select
        'usage' as source,
        count(*) as expected
    from {{ ref('int_usage_costs') }}
    where cost_basis in ('unpriced', 'partially_priced')
    union all
    select
        'metered' as source,
        count(*) as expected
    from {{ ref('int_metered_costs') }}
    where cost_micros_usd is null
    union all
    select
        'review' as source,
        count(*) as expected
    from {{ ref('int_human_reviews') }}
    where cost_micros_usd is null
),

counted as (
    select
        source,
        sum(unpriced_events) as found
    from {{ ref('int_direct_costs_monthly') }}
    group by source
)

select
    records.source,
    records.expected,
    counted.found
from records
left join counted on records.source = counted.source
where records.expected <> coalesce(counted.found, 0)
