{# Observations with a metered generation somewhere below them: what they tell, it tells already. #}
{% set doublings = 4 %}
with observations as (
    select * from {{ ref('stg_langfuse__observations_counted') }} where copy_number = 1
),

{{ ancestors(doublings, 'observations', ['project_id', 'trace_id'], 'observation_id', 'parent_id') }},

wrappers as (
    select distinct
        observations.project_id,
        observations.trace_id,
        reached.ancestor_id as observation_id
    from observations
    inner join reached
        on
            observations.project_id = reached.project_id
            and observations.trace_id = reached.trace_id
            and observations.observation_id = reached.node_id
    where observations.observation_type in ('GENERATION', 'EMBEDDING') and observations.has_tokens
)

select * from wrappers
