{# Chain substitution: one lever after the other moves to its value of the month, the effect is the change of cost per
   success. The last step closes on the exact figures, so that the effects add up to the change to the last digit. #}
{% set levers = lever_steps().keys() | list %}
with months as (
    select * from {{ ref('int_lever_months') }}
),

chained as (
    select
        later.period_month,
        later.workflow,
        later.unit_type,
        earlier.cost_per_successful_unit_usd as previous_cost_per_successful_unit_usd,
        later.cost_per_successful_unit_usd,
        {% for lever in levers[:-1] -%}
        {{ statistic(lever_cost(levers[:loop.index]) ~ ' - ' ~ lever_cost(levers[:loop.index0])) }} as {{ lever }}_effect,
        {% endfor -%}
        {% for lever in levers -%}
        {{ statistic(lever_cost(levers[loop.index0:]) ~ ' - ' ~ lever_cost(levers[loop.index:])) }} as {{ lever }}_reverse_effect{{ ',' if not loop.last }}
        {% endfor %}
    from months as later
    inner join months as earlier
        on
            later.period_month - interval 1 month = earlier.period_month
            and coalesce(later.workflow, '') = coalesce(earlier.workflow, '')
            and later.unit_type = earlier.unit_type
    where earlier.cost_per_successful_unit_usd is not null and later.cost_per_successful_unit_usd is not null
),

listed as (
    {% for lever in levers %}
    select
        period_month,
        workflow,
        unit_type,
        {{ loop.index }} as lever_order,
        '{{ lever }}' as lever,
        {% if loop.last -%}
        {{ ledger('cost_per_successful_unit_usd - previous_cost_per_successful_unit_usd - (' ~ levers[:-1] | join('_effect + ') ~ '_effect)') }} as effect_usd,
        {%- else -%}
        {{ lever }}_effect as effect_usd,
        {%- endif %}
        {{ lever }}_reverse_effect as reverse_order_effect_usd,
        previous_cost_per_successful_unit_usd,
        cost_per_successful_unit_usd
    from chained
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

judged as (
    select
        *,
        sign(effect_usd) * sign(reverse_order_effect_usd) < 0 as is_order_sensitive
    from listed
    where
        effect_usd is not null
        and previous_cost_per_successful_unit_usd is not null
        and cost_per_successful_unit_usd is not null
)

select * from judged
