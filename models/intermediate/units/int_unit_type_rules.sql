{# The rules of a unit type in one workflow; the row without a workflow serves every other workflow of the type. #}
with unit_types as (
    select * from {{ ref('unit_types') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by unit_type order by is_primary desc, workflow
        ) as choice
    from unit_types
),

default_rules as (
    select
        unit_type,
        cast(null as {{ dbt.type_string() }}) as workflow,
        workflow as default_workflow,
        is_primary,
        reopen_window_hours,
        abandon_after_hours,
        attribution_window_days
    from ranked
    where choice = 1
),

own_rules as (
    select
        unit_type,
        workflow,
        workflow as default_workflow,
        is_primary,
        reopen_window_hours,
        abandon_after_hours,
        attribution_window_days
    from unit_types
    where workflow is not null
),

ruled as (
    select * from default_rules
    union all
    select * from own_rules
)

select * from ruled
