-- The share of gross charges that reaches a bearer is at least what policy demands of the environment.
select
    'allocation_coverage: too little of the charges has a bearer; add owners or rules, or lower block_below in seeds/policy/coverage_thresholds.csv' as reason,
    period_month,
    environment,
    allocation_coverage,
    block_below
from {{ ref('rpt_allocation_coverage') }}
where status = 'block'
