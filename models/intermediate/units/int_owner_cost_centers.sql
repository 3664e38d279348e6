{# Who owns what, by policy: the second step of attribution, after a record's own tag. #}
with teams as (
    select * from {{ ref('teams') }}
),

owners as (
    select 'team' as owner_type, team as owner_id, cost_center from teams
    union all
    select 'workflow' as owner_type, workflow as owner_id, cost_center from {{ ref('workflows') }}
    union all
    select 'application' as owner_type, application as owner_id, cost_center from {{ ref('applications') }}
    union all
    select 'billing_account' as owner_type, billing_account_id as owner_id, cost_center from {{ ref('billing_accounts') }}
    union all
    select 'agent' as owner_type, agents.agent_id as owner_id, teams.cost_center
    from {{ ref('agents') }} as agents
    inner join teams on agents.team = teams.team
)

select * from owners
