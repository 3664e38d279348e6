-- A cost center's chain of parents ends within six levels: a circle would roll its cost up without end.
select
    'cost_center_circle: the parents of this cost center do not end within six levels; correct seeds/organization/cost_centers.csv' as reason,
    ancestors.cost_center
from {{ ref('int_cost_center_ancestors') }} as ancestors
inner join {{ ref('cost_centers') }} as cost_centers on ancestors.ancestor = cost_centers.cost_center
where ancestors.distance = 6 and cost_centers.parent_cost_center is not null
union all
select
    'cost_center_circle: this cost center is among its own parents; correct seeds/organization/cost_centers.csv' as reason,
    cost_center
from {{ ref('int_cost_center_ancestors') }}
where distance > 0 and cost_center = ancestor
