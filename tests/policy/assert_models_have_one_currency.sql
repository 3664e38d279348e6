-- A call meets one row of prices in one currency. Of two currencies in force at once nobody could tell which one is meant.
with list_rates as (
    select distinct
        provider,
        model,
        service_tier,
        currency,
        valid_from,
        valid_to
    from {{ ref('int_list_rates') }}
)

select
    'price_currencies: this model has list prices of one tier in two currencies at once; keep one of them in seeds/pricing/list_prices.csv' as reason,
    one.provider,
    one.model,
    one.service_tier,
    one.currency,
    other.currency as other_currency,
    max(greatest(one.valid_from, other.valid_from)) as since
from list_rates as one
inner join list_rates as other
    on
        one.provider = other.provider
        and one.model = other.model
        and one.service_tier = other.service_tier
        and one.currency < other.currency
        and one.valid_from < other.valid_to
        and one.valid_to > other.valid_from
group by 1, 2, 3, 4, 5, 6
