{# Every call under the unit that it served; a call that served several appears once for each, its money and counts split
   exactly. A call without a unit stays, unattributed: the sum over this view is the sum over the calls. #}
{% set splits = ['input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'output_tokens', 'reasoning_tokens'] %}
{# What the levers read; a call shared by several units stays out of them and keeps these empty. #}
{% set lever_columns = ['uncached_price_micros', 'paid_input_micros', 'output_micros', 'retrieved_tokens'] %}
{% set plain = ['source_system', 'request_id', 'environment', 'application', 'workflow', 'step', 'agent_id', 'model', 'reported_model', 'prompt_version', 'tenant_id', 'team', 'cost_center', 'occurred_at', 'layer', 'status', 'attempt_number', 'is_fallback', 'cost_status', 'is_estimated', 'requests'] %}
{# Two readings of the calls, not one step read twice: DuckDB would store that with every column of the calls. #}
with usage_costs as (
    select
        *,
        input_uncached_micros + coalesce(cache_read_micros, 0) + coalesce(cache_write_5m_micros, 0)
        + coalesce(cache_write_1h_micros, 0) + coalesce(cache_write_unknown_micros, 0) as paid_input_micros
    from {{ ref('int_usage_costs') }}
    where unit_shares is null or unit_id is not null
),

shared_costs as (
    select * from {{ ref('int_usage_costs') }} where unit_shares is not null and unit_id is null
),

unit_shares as (
    select * from {{ ref('int_unit_shares') }}
),

single as (
    select
        usage_costs.unit_type,
        usage_costs.unit_id,
        false as is_split,
        {% for column in plain + splits -%}
        usage_costs.{{ column }},
        {% endfor -%}
        {% for column in lever_columns -%}
        case
            when usage_costs.cost_basis in ('repriced_contract', 'repriced_list') and usage_costs.price_currency = '{{ checked_var('reporting_currency') }}'
                then usage_costs.{{ column }}
        end as {{ column }},
        {% endfor -%}
        usage_costs.cost_micros_usd
    from usage_costs
),

shared as (
    select
        unit_shares.unit_type,
        unit_shares.unit_id,
        unit_shares.weight,
        unit_shares.weight_sum,
        shared_costs.file_path,
        shared_costs.landed_row,
        {% for column in plain + splits -%}
        shared_costs.{{ column }},
        {% endfor -%}
        cast(shared_costs.cost_micros_usd * 1000000 as {{ int128_type() }}) as cost_pico
    from shared_costs
    left join unit_shares
        on
            shared_costs.source_system = unit_shares.source_system
            and shared_costs.file_path = unit_shares.file_path
            and shared_costs.landed_row = unit_shares.landed_row
),

based as (
    select
        *,
        {{ split_base('cost_pico', 'weight', 'weight_sum') }} as base_pico,
        row_number() over (
            partition by source_system, file_path, landed_row
            order by {{ split_rest('cost_pico', 'weight', 'weight_sum') }} desc, weight desc, unit_type, unit_id
        ) as turn,
        sum(weight) over (
            partition by source_system, file_path, landed_row order by unit_type, unit_id
            rows between unbounded preceding and current row
        ) as weight_to_here
    from shared
),

split as (
    select
        unit_type,
        unit_id,
        coalesce(weight < weight_sum, false) as is_split,
        {{ plain | join(',\n        ') }},
        {% for column in splits -%}
        case when weight is null then {{ column }} else cast(
            {{ int_div(column ~ ' * weight_to_here', 'weight_sum') }}
            - {{ int_div(column ~ ' * (weight_to_here - weight)', 'weight_sum') }} as integer
        ) end as {{ column }},
        {% endfor -%}
        {% for column in lever_columns -%}
        cast(null as {{ 'integer' if column == 'retrieved_tokens' else 'decimal(18, 6)' }}) as {{ column }},
        {% endfor -%}
        case when weight is null then cast(cost_pico * 0.000001 as decimal(28, 6)) else cast(
            sign(cost_pico) * (
                base_pico + case
                    when turn <= abs(cost_pico) - sum(base_pico) over (partition by source_system, file_path, landed_row) then 1
                    else 0
                end
            ) * 0.000001 as decimal(28, 6)
        ) end as cost_micros_usd
    from based
)

select * from single
union all
select * from split
