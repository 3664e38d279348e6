{# An episode tells by itself whether its records agree on a tenant; only the few units with several episodes need all of
   their records side by side. #}
{% set unit = ['environment', 'unit_type', 'unit_id'] %}
with reopened as (
    select distinct {{ unit | join(', ') }} from {{ ref('int_unit_later_episodes') }}
),

told as (
    select {{ unit | join(', ') }}, tenant_id from {{ ref('int_unit_outcomes') }}
    union all
    select {{ unit | join(', ') }}, other_tenant_id as tenant_id from {{ ref('int_unit_outcomes') }}
    union all
    select {{ unit | join(', ') }}, tenant_id from {{ ref('int_unit_call_costs') }} where not is_split
    union all
    select {{ unit | join(', ') }}, tenant_id from {{ ref('int_unit_charge_costs') }} where not is_split
),

disagreeing as (
    select
        told.environment,
        told.unit_type,
        told.unit_id
    from told
    inner join reopened
        on told.environment = reopened.environment and told.unit_type = reopened.unit_type and told.unit_id = reopened.unit_id
    group by told.environment, told.unit_type, told.unit_id
    having min(told.tenant_id) <> max(told.tenant_id)
)

select * from disagreeing
