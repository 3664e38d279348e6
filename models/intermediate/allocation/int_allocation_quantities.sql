{# Driver quantities and declared weights of the rules that split a pool directly. Nulls, negatives and zeros bear nothing. #}
{% set drivers = ['cost', 'tokens', 'requests', 'review_minutes', 'units', 'successful_units'] %}
with used as (
    select * from {{ ref('int_allocation_rules_used') }}
),

driven as (
    select
        used.snapshot_number,
        drivers.target_type,
        drivers.target_id,
        case used.driver {% for driver in drivers %}when '{{ driver }}' then drivers.{{ driver }} {% endfor %}end as quantity,
        false as is_declared
    from used
    inner join {{ ref('int_allocation_drivers') }} as drivers
        on
            used.period_month = drivers.period_month
            and used.environment = drivers.environment
            and used.scope = drivers.target_type
    where used.method in ('proportional', 'tiered') and used.driver <> 'seats' and drivers.target_id is not null
),

unit_driven as (
    select
        used.snapshot_number,
        'unit' as target_type,
        units.target_id,
        case used.driver {% for driver in drivers %}when '{{ driver }}' then units.{{ driver }} {% endfor %}end as quantity,
        false as is_declared
    from used
    inner join {{ ref('int_allocation_unit_drivers') }} as units
        on used.period_month = units.period_month and used.environment = units.environment
    where used.method in ('proportional', 'tiered') and used.driver <> 'seats' and used.scope = 'unit'
),

weighted as (
    select
        used.snapshot_number,
        weights.target_type,
        weights.target_id,
        case when used.method = 'even' then 1 else weights.weight end as quantity,
        true as is_declared
    from used
    inner join {{ ref('allocation_weights') }} as weights
        on
            used.rule_id = weights.rule_id
            and used.period_month >= weights.valid_from
            and used.period_month < coalesce(weights.valid_to, cast('9999-12-31' as date))
    where
        weights.target_type <> 'pool'
        and (used.method in ('direct', 'even', 'fixed') or (used.method in ('proportional', 'tiered') and used.driver = 'seats'))
),

traced as (
    select
        used.snapshot_number,
        traces.target_type,
        traces.target_id,
        traces.quantity,
        not traces.is_traced as is_declared
    from used
    inner join {{ ref('int_shared_key_traces') }} as traces
        on
            used.period_month = traces.period_month
            and used.environment = traces.environment
            and used.api_key_id = traces.api_key_id
            and (used.scope = traces.target_type or not traces.is_traced)
    where used.method in ('keep_unattributed', 'gross_up')
),

listed as (
    select * from driven
    union all
    select * from unit_driven
    union all
    select * from weighted
    union all
    select * from traced
),

positive as (
    select * from listed where quantity > 0
)

select * from positive
