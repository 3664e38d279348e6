{# A review of a closed month stays with whom its unit was known to belong to then. The ledger has it under its newest owner:
   it is taken out there and put in under the first, and moves on from owner to owner where the news was. A version that was
   replaced goes out under its last owner. #}
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
with known as (
    select * from {{ ref('int_review_owners_known') }} where cost_micros_usd is not null
),

unit_dimensions as (
    select * from {{ ref('int_unit_dimensions') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

named as (
    select
        known.period_month,
        known.environment,
        known.review_id,
        known.known_at,
        known.looked_slot,
        known.is_replaced_next,
        known.cost_micros_usd,
        known.bearing_cost_center as owner_then,
        slots.known_slot,
        unit_dimensions.application,
        unit_dimensions.workflow,
        unit_dimensions.agent_id,
        coalesce(unit_dimensions.team, known.own_team) as team,
        unit_dimensions.cost_center
    from known
    left join unit_dimensions
        on
            known.environment = unit_dimensions.environment
            and known.unit_type = unit_dimensions.unit_type
            and known.unit_id = unit_dimensions.unit_id
    left join slots
        on known.period_month = slots.period_month and known.known_at >= slots.known_from and known.known_at < slots.known_to
),

owned as (
    select
        named.*,
        {{ owning_cost_center('named', owner_types) }} as owner_now
    from named
    {{ owner_joins('named', owner_types) }}
),

followed as (
    select
        *,
        coalesce(lead(owner_then) over (partition by review_id, known_at order by looked_slot), owner_now) as next_owner,
        row_number() over (partition by review_id, known_at order by looked_slot) as turn
    from owned
),

entries as (
    {% for owner, sign in {'owner_now': '-', 'owner_then': ''}.items() -%}
    select
        period_month, environment, {{ owner }} as cost_center, known_slot, known_at,
        {{ sign }}{{ micros_to_ledger('cost_micros_usd') }} as amount_usd, 'late_event' as reason
    from followed
    where turn = 1 and owner_then <> owner_now
    union all
    {% endfor -%}
    {% for owner, sign in {'owner_then': '-', 'next_owner': ''}.items() -%}
    select
        period_month, environment, {{ owner }} as cost_center, looked_slot as known_slot, looked_slot as known_at,
        {{ sign }}{{ micros_to_ledger('cost_micros_usd') }} as amount_usd,
        case when is_replaced_next then 'correction' else 'owner' end as reason
    from followed
    where owner_then <> next_owner
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from entries
