{# The shared costs that count, and versions that a later record replaced: as they were said, and taken back from then on. #}
{% set columns = [
    'shared_cost_id', 'pool', 'layer', 'period_start', 'period_end', 'currency', 'vendor', 'invoice_id', 'billing_account_id', 'environment',
    'capacity_quantity', 'capacity_unit', 'ingested_at',
] %}
with standing as (
    select * from {{ ref('int_shared_costs') }}
),

replaced as (
    select * from {{ ref('int_shared_costs_resolved') }} where replaced_at is not null
),

listed as (
    select {{ columns | join(', ') }}, amount, cast(null as timestamp) as replaced_at, false as is_taken_back from standing
    union all
    select {{ columns | join(', ') }}, amount, replaced_at, false as is_taken_back from replaced
    union all
    select {{ columns | join(', ') }}, -amount as amount, replaced_at, true as is_taken_back from replaced
)

select * from listed
