{# Every metered charge under the unit that it served; one that served several appears once for each, its money split
   exactly. A charge without a unit stays, unattributed: the sum over this view is the sum over the charges. #}
{% set plain = ['charge_id', 'environment', 'occurred_at', 'layer', 'application', 'workflow', 'step', 'agent_id', 'tenant_id', 'team', 'cost_center', 'cost_status'] %}
with charges as (
    select
        *,
        unit_shares is not null and unit_id is null as names_several
    from {{ ref('int_metered_costs') }}
),

unit_shares as (
    select * from {{ ref('int_unit_shares') }}
),

shared as (
    select
        {% for column in plain -%}
        charges.{{ column }},
        {% endfor -%}
        unit_shares.unit_type,
        unit_shares.unit_id,
        unit_shares.weight,
        unit_shares.weight_sum,
        charges.cost_micros_usd,
        cast(charges.cost_micros_usd * 1000000 as {{ int128_type() }}) as units
    from charges
    left join unit_shares
        on
            charges.source_system = unit_shares.source_system
            and charges.file_path = unit_shares.file_path
            and charges.landed_row = unit_shares.landed_row
    where charges.names_several
),

{{ split_exactly('shared', 'charge_id', 'unit_type, unit_id') }},

attributed as (
    select
        {{ plain | join(',\n        ') }},
        unit_type,
        unit_id,
        false as is_split,
        cost_micros_usd
    from charges
    where not names_several
    union all
    select
        {{ plain | join(',\n        ') }},
        unit_type,
        unit_id,
        coalesce(weight < weight_sum, false) as is_split,
        {# A list that names no unit leaves the charge whole, unattributed; an unknown cost stays unknown. #}
        case when weight is null or cost_micros_usd is null then cost_micros_usd else cast(split_units * 0.000001 as decimal(28, 6)) end as cost_micros_usd
    from split
)

select * from attributed
