{{ config(materialized='table') }}
{# What a late price or a later version of a call changes: the ledger holds the newest of both, so that the change is taken out
   where the call was posted and put in where the news was. The rules are those of int_usage_costs. #}
{% set meters = usage_meters() %}
{% set billable = meters.keys() | reject('equalto', 'request') | list %}
{% set dimensions = ['period_month', 'environment', 'layer', 'team', 'workflow', 'application', 'agent_id', 'cost_center', 'api_key_id', 'provider', 'billing_account_id', 'reason'] %}
with repricings as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        output_tokens - coalesce(unclassified_tokens, 0) as classified_output_tokens
    from {{ ref('int_usage_repricings') }}
),

other_costs as (
    select * from {{ ref('int_usage_other_costs') }}
),

prices as (
    select
        *,
        output_rate as unclassified_rate
    from {{ ref('int_price_list') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

matched as (
    select
        repricings.*,
        prices.currency as price_currency,
        slots.known_slot,
        coalesce(repricings.input_tokens, repricings.output_tokens, repricings.web_searches) is not null
        or coalesce(other_costs.meters, 0) > 0 as has_usage,
        cast(
            case when other_costs.currency = prices.currency then coalesce(other_costs.other_micros, 0) else 0 end +
            {% for meter, quantity in meters.items() -%}
            coalesce({{ meter_micros('repricings.' ~ quantity, 'prices.' ~ meter ~ '_rate') }}, 0){{ ' + ' if not loop.last }}
            {%- endfor %} as decimal(18, 6)
        ) as priced_micros,
        case when prices.price_number is null then null else
            coalesce(other_costs.unpriced_meters, 0)
            + case when other_costs.currency <> prices.currency then 1 else 0 end +
            {% for meter in billable -%}
            case when repricings.{{ meters[meter] }} > 0 and prices.{{ meter }}_rate is null then 1 else 0 end{{ ' + ' if not loop.last }}
            {%- endfor %}
        end as unpriced_meters,
        cast(repricings.reported_cost_amount * 1000000 as decimal(28, 6)) as reported_micros
    from repricings
    left join slots
        on
            repricings.period_month = slots.period_month
            and repricings.known_at >= slots.known_from
            and repricings.known_at < slots.known_to
    left join prices
        on
            repricings.provider = prices.provider
            and lower(repricings.reported_model) = prices.reported_model
            and repricings.service_tier = prices.service_tier
            and repricings.book_then = prices.price_book
            and repricings.occurred_at >= prices.valid_from
            and repricings.occurred_at < prices.valid_to
            and greatest(coalesce(repricings.input_tokens, 0), 1) > prices.context_tokens_over
            and coalesce(repricings.input_tokens, 0) <= prices.context_tokens_up_to
            and {{ second_of_day('repricings.occurred_at') }} >= prices.day_second_from
            and {{ second_of_day('repricings.occurred_at') }} < prices.day_second_to
    left join other_costs
        on
            repricings.landed_row = other_costs.landed_row
            and repricings.file_path = other_costs.file_path
            and repricings.source_system = other_costs.source_system
),

valued as (
    select
        *,
        case
            when has_usage and unpriced_meters = 0 then priced_micros
            when reported_micros > 0 then reported_micros
            when has_usage and priced_micros > 0 then priced_micros
        end as cost_micros,
        case
            when has_usage and unpriced_meters = 0 then price_currency
            when reported_micros > 0 then reported_cost_currency
            else price_currency
        end as cost_currency
    from matched
),

converted as (
    select
        valued.*,
        {{ in_reporting_currency('valued.cost_micros', 'valued.cost_currency', 'fx_rates.rate', 'valued.occurred_at') }} as cost_micros_usd
    from valued
    left join fx_rates
        on valued.cost_currency = fx_rates.currency and cast(valued.occurred_at as date) = fx_rates.rate_date
),

summed as (
    select
        {{ dimensions | join(', ') }},
        known_slot,
        changed_slot,
        max(known_at) as known_at,
        {{ micros_to_ledger('sum(side * coalesce(cost_micros_usd, 0))') }} as change_usd
    from converted
    group by {{ dimensions | join(', ') }}, known_slot, changed_slot
)

select * from summed where change_usd <> 0
