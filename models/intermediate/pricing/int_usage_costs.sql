{# A view on purpose: pricing a call costs less than storing and reading its cost. #}
{% set meters = usage_meters() %}
{% set billable = ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'unclassified', 'web_search'] %}
with usage_events as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        output_tokens - coalesce(unclassified_tokens, 0) as classified_output_tokens
    from {{ ref('int_usage_events') }}
),

{# No step of this view is read twice: DuckDB would store it and read every column of the calls for it. #}
account_books as (
    select * from {{ ref('int_price_books') }} where price_book <> '*'
),

provider_books as (
    select * from {{ ref('int_price_books') }} where price_book = '*'
),

prices as (
    select
        *,
        output_rate as unclassified_rate
    from {{ ref('int_price_list') }}
),

other_costs as (
    select * from {{ ref('int_usage_other_costs') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

{# The price in force when the call started; the request's whole input picks the context tier, bound in the lower one. #}
matched as (
    select
        usage_events.*,
        prices.model,
        prices.price_number,
        prices.contract_id,
        prices.currency as price_currency,
        prices.is_free,
        coalesce(usage_events.input_tokens, usage_events.output_tokens, usage_events.web_searches) is not null
        or coalesce(other_costs.meters, 0) > 0 as has_usage,
        other_costs.retrieved_tokens,
        {# A price or a split that had to be assumed makes the cost an estimate. #}
        coalesce(usage_events.cache_write_unknown_tokens, 0) > 0
        or coalesce(usage_events.unclassified_tokens, 0) > 0
        or (coalesce(usage_events.cache_read_tokens, 0) > 0 and coalesce(prices.is_cache_read_assumed, false)) as is_estimated,
        {% for meter, quantity in meters.items() -%}
        {{ meter_micros('usage_events.' ~ quantity, 'prices.' ~ meter ~ '_rate') }} as {{ meter }}_micros,
        {% endfor -%}
        {{ meter_micros('usage_events.input_tokens', 'prices.input_uncached_rate') }} as uncached_price_micros,
        case when prices.price_number is null then null else
            coalesce(other_costs.unpriced_meters, 0)
            + case when other_costs.currency <> prices.currency then 1 else 0 end
            {% for meter in billable -%}
            + case when usage_events.{{ meters[meter] }} > 0 and prices.{{ meter }}_rate is null then 1 else 0 end
            {% endfor -%}
        end as unpriced_meters,
        case when other_costs.currency = prices.currency then other_costs.other_micros end as other_micros
    from usage_events
    left join account_books
        on usage_events.provider = account_books.provider and usage_events.billing_account_id = account_books.price_book
    left join provider_books on usage_events.provider = provider_books.provider
    left join prices
        on
            usage_events.provider = prices.provider
            and lower(usage_events.reported_model) = prices.reported_model
            and usage_events.service_tier = prices.service_tier
            and coalesce(account_books.price_book, provider_books.price_book, 'list') = prices.price_book
            and usage_events.occurred_at >= prices.valid_from
            and usage_events.occurred_at < prices.valid_to
            and greatest(coalesce(usage_events.input_tokens, 0), 1) > prices.context_tokens_over
            and coalesce(usage_events.input_tokens, 0) <= prices.context_tokens_up_to
            and {{ second_of_day('usage_events.occurred_at') }} >= prices.day_second_from
            and {{ second_of_day('usage_events.occurred_at') }} < prices.day_second_to
    left join other_costs
        on
            usage_events.landed_row = other_costs.landed_row
            and usage_events.file_path = other_costs.file_path
            and usage_events.source_system = other_costs.source_system
),

summed as (
    select
        *,
        cast(
            coalesce(other_micros, 0)
            {% for meter in meters -%}
            + coalesce({{ meter }}_micros, 0)
            {% endfor -%}
            as decimal(18, 6)
        ) as priced_micros,
        cast(reported_cost_amount * 1000000 as decimal(28, 6)) as reported_micros
    from matched
),

{# One basis a call: our price if it covers all; else what the producer says, if more than nothing; else what we can price. #}
based as (
    select
        *,
        case
            when has_usage and unpriced_meters = 0 and contract_id is not null then 'repriced_contract'
            when has_usage and unpriced_meters = 0 then 'repriced_list'
            when reported_cost_amount > 0 then 'reported'
            when has_usage and priced_micros > 0 then 'partially_priced'
            else 'unpriced'
        end as cost_basis
    from summed
),

valued as (
    select
        *,
        case cost_basis
            when 'unpriced' then null
            when 'reported' then cast(reported_cost_amount * 1000000 as decimal(28, 6))
            else priced_micros
        end as cost_micros,
        case cost_basis
            when 'unpriced' then '{{ checked_var('reporting_currency') }}'
            when 'reported' then reported_cost_currency
            else price_currency
        end as cost_currency
    from based
),

converted as (
    select
        valued.*,
        {{ in_reporting_currency('valued.cost_micros', 'valued.cost_currency', 'fx_rates.rate', 'valued.occurred_at') }} as cost_micros_usd,
        case
            when not valued.has_usage and valued.cost_basis = 'unpriced' then 'usage_missing'
            when valued.cost_basis = 'unpriced' then 'unpriced'
            when valued.cost_basis = 'reported' then 'reported'
            when valued.cost_basis = 'partially_priced' then 'partially_priced'
            when valued.is_free and valued.priced_micros = 0 then 'free'
            else 'priced'
        end as cost_status
    from valued
    left join fx_rates
        on valued.cost_currency = fx_rates.currency and cast(valued.occurred_at as date) = fx_rates.rate_date
)

select * from converted
