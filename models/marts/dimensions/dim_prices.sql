with price_list as (
    select * from {{ ref('int_price_list') }}
),

used as (
    select distinct price_number from {{ ref('int_usage_costs_monthly') }}
),

described as (
    select
        price_list.price_id,
        price_list.price_book,
        price_list.contract_id,
        price_list.provider,
        price_list.reported_model,
        price_list.model,
        price_list.service_tier,
        price_list.context_tokens_over,
        price_list.valid_from,
        price_list.valid_to,
        price_list.currency,
        {% for meter in ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'request', 'web_search'] -%}
        price_list.{{ meter }}_rate,
        {% endfor -%}
        price_list.is_cache_read_assumed,
        price_list.is_free,
        used.price_number is not null as is_used
    from price_list
    left join used on price_list.price_number = used.price_number
)

select * from described
