-- A cost center's chain of parents ends within six levels: a circle would roll its cost up without end.
select
    'cost_center_circle: the parents of this cost center do not end within six levels; correct seeds/organization/cost_centers.csv' as reason,
    ancestors.cost_center
from {{ ref('int_cost_center_ancestors') }} as ancestors
inner join {{ ref('cost_centers') }} as cost_centers on ancestors.ancestor = cost_centers.cost_center
left join {{ ref('int_cost_center_ancestors') }} as reached
    on ancestors.cost_center = reached.cost_center and cost_centers.parent_cost_center = reached.ancestor
where cost_centers.parent_cost_center is not null and reached.ancestor is null
union all
select
    'cost_center_circle: this cost center is among its own parents; correct seeds/organization/cost_centers.csv' as reason,
    cost_center
from {{ ref('int_cost_center_ancestors') }}
where cost_center = ancestor
group by cost_center
having count(*) > 1
