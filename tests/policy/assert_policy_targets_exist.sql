-- Codes whose kind stands in another column (owner_type, target_type, scope_type) exist in the seed of that kind.
with codes as (
    select
        'team' as code_type,
        team as code
    from {{ ref('teams') }}
    {% for seed, code in {
        'cost_centers': 'cost_center', 'applications': 'application', 'workflows': 'workflow', 'agents': 'agent_id',
        'tenants': 'tenant_id',
    }.items() %}
    union all
    select
        '{{ code | replace('_id', '') }}' as code_type,
        {{ code }} as code
    from {{ ref(seed) }}
    {% endfor %}
    union all
    select distinct
        'pool' as code_type,
        pool as code
    from {{ ref('allocation_rules') }}
),

used as (
    select
        'organization/api_keys.csv' as seed_file,
        owner_type as code_type,
        owner_id as code
    from {{ ref('api_keys') }}
    union all
    select
        'policy/allocation_weights.csv' as seed_file,
        target_type as code_type,
        target_id as code
    from {{ ref('allocation_weights') }}
    union all
    select
        'policy/budgets.csv' as seed_file,
        scope_type as code_type,
        scope_id as code
    from {{ ref('budgets') }}
    where scope_type <> 'company'
)

select distinct
    'unknown_code: the seed file names a code that its own seed lacks; add it there or correct it' as reason,
    used.seed_file,
    used.code_type,
    used.code
from used
left join codes on used.code_type = codes.code_type and used.code = codes.code
where codes.code is null
