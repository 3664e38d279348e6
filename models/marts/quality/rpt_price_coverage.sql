{% set bases = ['repriced_contract', 'repriced_list', 'reported', 'partially_priced', 'unpriced'] %}
with usage as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

metered as (
    {% for meter, quantity in usage_meters().items() %}
    select
        provider,
        reported_model,
        '{{ meter }}' as meter,
        cost_basis,
        usage_events,
        requests,
        {{ 'input_tokens - cache_read_tokens - cache_write_5m_tokens - cache_write_1h_tokens - cache_write_unknown_tokens'
            if meter == 'input_uncached' else 'output_tokens - unclassified_tokens' if meter == 'output' else quantity }} as quantity,
        first_occurred_at
    from usage
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        provider,
        reported_model,
        meter,
        cast(sum(requests) as bigint) as requests,
        cast(sum(quantity) as bigint) as quantity,
        {% for basis in bases -%}
        cast(sum(case when cost_basis = '{{ basis }}' then quantity else 0 end) as bigint) as {{ basis }}_quantity,
        {% endfor -%}
        min(case when cost_basis in ('unpriced', 'partially_priced') then first_occurred_at end) as first_unpriced_at
    from metered
    group by provider, reported_model, meter
)

select * from summed where quantity > 0 or (meter = 'request' and requests > 0)
