{# A contract names a price, or a discount off the list: a discount follows every change of the list inside its range. #}
{% set columns = [
    'contract_id', 'provider', 'billing_account_id', 'model', 'meter', 'service_tier', 'context_tokens_over', 'price',
    'discount_rate', 'per_quantity', 'currency', 'valid_from', 'recorded_at',
] %}
with contract_prices as (
    select * from {{ ref('contract_prices') }}
),

versions as (
    select * from {{ ref('int_contract_versions') }} where contract_id is not null
),

clock as (
    select * from {{ ref('int_as_of') }}
),

list_rates as (
    select * from {{ ref('int_list_rates') }}
),

known as (
    select
        coalesce(contract_prices.billing_account_id, '*') as price_book,
        contract_prices.billing_account_id is not null as is_account_price,
        {% for column in columns -%}
        contract_prices.{{ column }},
        {% endfor -%}
        {{ price_terms_id('contract_prices') }} as terms_id,
        coalesce(contract_prices.valid_to, cast('9999-12-31' as timestamp)) as ends_at
    from contract_prices
    cross join clock
    where
        (contract_prices.recorded_at is null or contract_prices.recorded_at <= clock.as_of)
        and coalesce(contract_prices.quantity_over, 0) = 0
    union all
    select
        price_book,
        is_account_price,
        {{ columns | join(',\n        ') }},
        terms_id,
        coalesce(valid_to, cast('9999-12-31' as timestamp)) as ends_at
    from versions
),

priced as (
    select
        price_book,
        is_account_price,
        recorded_at,
        contract_id,
        provider,
        billing_account_id,
        model,
        meter,
        coalesce(service_tier, 'standard') as service_tier,
        coalesce(context_tokens_over, 0) as context_tokens_over,
        0 as breadth,
        0 as tokens_above_discount,
        0 as day_second_from,
        86400 as day_second_to,
        {{ rate_per_million('price', 'per_quantity') }} as rate,
        cast(null as decimal(30, 15)) as exact_rate,
        currency,
        price = 0 as is_free,
        terms_id,
        coalesce(valid_from, cast('0001-01-01' as timestamp)) as valid_from,
        ends_at as valid_to
    from known
    where price is not null
),

discounted as (
    select
        known.price_book,
        known.is_account_price,
        known.recorded_at,
        known.contract_id,
        known.provider,
        known.billing_account_id,
        list_rates.model,
        list_rates.meter,
        list_rates.service_tier,
        list_rates.context_tokens_over,
        {# A discount on everything stands behind one on a model or a meter. #}
        case when known.model is null then 2 else 0 end + case when known.meter is null then 1 else 0 end as breadth,
        {# A discount holds for every context tier above its own; the nearest one wins. #}
        list_rates.context_tokens_over - coalesce(known.context_tokens_over, 0) as tokens_above_discount,
        list_rates.day_second_from,
        list_rates.day_second_to,
        cast({{ discounted_rate('list_rates.rate', 'known.discount_rate') }} as decimal(18, 9)) as rate,
        {{ discounted_rate('list_rates.rate', 'known.discount_rate') }} as exact_rate,
        list_rates.currency,
        list_rates.is_free,
        cast(null as {{ dbt.type_string() }}) as terms_id,
        greatest(coalesce(known.valid_from, list_rates.valid_from), list_rates.valid_from) as valid_from,
        least(known.ends_at, list_rates.valid_to) as valid_to
    from known
    inner join list_rates
        on
            known.provider = list_rates.provider
            and coalesce(known.model, list_rates.model) = list_rates.model
            and coalesce(known.meter, list_rates.meter) = list_rates.meter
            and coalesce(known.service_tier, list_rates.service_tier) = list_rates.service_tier
            and coalesce(known.context_tokens_over, 0) <= list_rates.context_tokens_over
            and coalesce(known.valid_from, list_rates.valid_from) < list_rates.valid_to
            and known.ends_at > list_rates.valid_from
    where known.price is null
)

select * from priced
union all
select * from discounted
