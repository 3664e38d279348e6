{# A price per million, whatever quantity the list quotes it by: the hot path then multiplies and never divides. #}
with list_prices as (
    select * from {{ ref('list_prices') }}
),

{# A changed key is published again whole under a new observed_on; the newest edition is the one in force. #}
latest as (
    select
        *,
        max(observed_on) over (
            partition by provider, model, meter, service_tier, context_tokens_over, time_from_utc
        ) as newest_observed_on
    from list_prices
),

ranged as (
    select
        provider,
        model,
        meter,
        service_tier,
        context_tokens_over,
        coalesce({{ day_seconds('time_from_utc') }}, 0) as day_second_from,
        {# Null: until midnight. #}
        nullif({{ day_seconds('time_to_utc') }}, 0) as day_second_to,
        {{ rate_per_million('price', 'per_quantity') }} as rate,
        currency,
        coalesce(is_free, false) as is_free,
        date_basis,
        coalesce(valid_from, cast('0001-01-01' as timestamp)) as valid_from,
        coalesce(valid_to, cast('9999-12-31' as timestamp)) as valid_to
    from latest
    where observed_on = newest_observed_on
),

{# A slice of the day that wraps midnight is two slices. #}
sliced as (
    select
        provider, model, meter, service_tier, context_tokens_over, day_second_from,
        case when day_second_from < day_second_to then day_second_to else 86400 end as day_second_to,
        rate, currency, is_free, date_basis, valid_from, valid_to
    from ranged
    union all
    select
        provider, model, meter, service_tier, context_tokens_over, 0 as day_second_from, day_second_to,
        rate, currency, is_free, date_basis, valid_from, valid_to
    from ranged
    where day_second_from >= day_second_to
)

select * from sliced
