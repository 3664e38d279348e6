{% set bases = ['repriced_contract', 'repriced_list', 'reported', 'partially_priced', 'unpriced'] %}
with usage as (
    select * from {{ ref('int_usage_costs_monthly') }}
),

further as (
    select
        provider,
        reported_model,
        meter,
        case when is_unpriced then 'unpriced' when contract_id is null then 'repriced_list' else 'repriced_contract' end as cost_basis,
        quantity,
        occurred_at
    from {{ ref('int_usage_other_charges') }}
    where kind = 'further' and price_book = own_book and replaced_at is null
),

metered as (
    {# A quantity beyond the common meters is costed by its own price, or by none. #}
    select
        provider,
        reported_model,
        meter,
        cost_basis,
        count(*) as usage_events,
        count(*) as requests,
        cast(sum(quantity) as bigint) as quantity,
        min(occurred_at) as first_occurred_at
    from further
    group by provider, reported_model, meter, cost_basis
    union all
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
