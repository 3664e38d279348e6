{{ config(materialized='table') }}
{# The wide prices under every reported name. price_number is a compact key for the hot path, price_id the readable one. #}
with names as (
    select * from {{ ref('int_model_names') }}
),

prices as (
    select * from {{ ref('int_prices') }}
),

named as (
    select
        prices.price_book,
        names.provider,
        names.reported_model,
        prices.model,
        prices.service_tier,
        greatest(prices.starts_at, names.valid_from) as valid_from,
        least(prices.ends_at, names.valid_to) as valid_to,
        prices.context_tokens_over,
        prices.context_tokens_up_to,
        prices.day_second_from,
        prices.day_second_to,
        prices.currency,
        prices.contract_id,
        prices.input_uncached_rate,
        coalesce(prices.cache_read_rate, prices.input_uncached_rate) as cache_read_rate,
        prices.cache_read_rate is null as is_cache_read_assumed,
        prices.cache_write_5m_rate,
        prices.cache_write_1h_rate,
        coalesce(prices.cache_write_unknown_rate, prices.cache_write_5m_rate) as cache_write_unknown_rate,
        prices.output_rate,
        prices.request_rate,
        prices.web_search_rate,
        prices.is_free
    from prices
    inner join names
        on
            prices.provider = names.price_provider
            and prices.model = names.model
            and prices.starts_at < names.valid_to
            and prices.ends_at > names.valid_from
),

identified as (
    select
        *,
        concat(
            price_book, '/', provider, '/', reported_model, '/', service_tier, '/', cast(context_tokens_over as varchar), '/',
            cast(day_second_from as varchar), '/', cast(valid_from as varchar)
        ) as price_id
    from named
),

numbered as (
    select
        *,
        row_number() over (order by price_id) as price_number
    from identified
)

select * from numbered
