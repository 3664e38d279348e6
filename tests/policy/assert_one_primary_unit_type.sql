-- A workflow's totals count one unit type, so each workflow has exactly one primary type.
select
    'primary_unit_type: this workflow needs exactly one primary unit type; correct seeds/policy/unit_types.csv' as reason,
    workflow,
    sum(case when is_primary then 1 else 0 end) as primary_types
from {{ ref('unit_types') }}
group by workflow
having sum(case when is_primary then 1 else 0 end) <> 1
