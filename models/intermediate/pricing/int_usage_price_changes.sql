{{ config(materialized='table') }}
{# What a late price or a later version of a call changes: the ledger holds the newest of both, so that the change is taken out
   where the call was posted and put in where the news was; what counts as a driver of a closed month is what was there before
   it. The rules are those of int_usage_costs. #}
{% set meters = usage_meters() %}
{% set dimensions = ['period_month', 'environment', 'layer', 'tenant_id', 'team', 'workflow', 'application', 'agent_id', 'cost_center', 'api_key_id', 'provider', 'billing_account_id', 'usage_date', 'reason'] %}
with repricings as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        output_tokens - coalesce(unclassified_tokens, 0) as classified_output_tokens,
        cast(occurred_at as date) as usage_date
    from {{ ref('int_usage_repricings') }}
),

other_costs as (
    select * from {{ ref('int_usage_other_costs_known') }}
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

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

keys as (
    select * from {{ ref('int_api_key_months') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

matched as (
    select
        repricings.*,
        prices.currency as price_currency,
        slots.known_slot,
        prices.contract_id,
        {{ tells_usage('repricings') }} as has_usage,
        cast(
            case when other_costs.currency = prices.currency then coalesce(other_costs.other_micros, 0) else 0 end +
            {% for meter, quantity in meters.items() -%}
            coalesce({{ meter_micros('repricings.' ~ quantity, 'prices.' ~ meter ~ '_rate') }}, 0){{ ' + ' if not loop.last }}
            {%- endfor %} as decimal(18, 6)
        ) as priced_micros,
        {{ unpriced_meters('repricings') }} as unpriced_meters,
        cast(repricings.reported_cost_amount * 1000000 as decimal(28, 6)) as reported_micros
    from repricings
    left join slots
        on
            repricings.period_month = slots.period_month
            and repricings.known_at >= slots.known_from
            and repricings.known_at < slots.known_to
    left join prices
        on
            {{ price_match('repricings', 'repricings.book_then') }}
    left join other_costs
        on
            repricings.book_then = other_costs.price_book
            and repricings.landed_row = other_costs.landed_row
            and repricings.file_path = other_costs.file_path
            and repricings.source_system = other_costs.source_system
),

based as (
    select
        *,
        {{ call_cost_basis() }} as cost_basis
    from matched
),

valued as (
    select
        *,
        case cost_basis
            when 'unpriced' then null
            when 'reported' then reported_micros
            else priced_micros
        end as cost_micros,
        case when cost_basis = 'reported' then reported_cost_currency else price_currency end as cost_currency
    from based
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
        sum(side * requests) as change_requests,
        sum(side * (coalesce(input_tokens, 0) + coalesce(output_tokens, 0))) as change_tokens,
        {{ micros_to_ledger('sum(side * coalesce(cost_micros_usd, 0))') }} as change_usd
    from converted
    group by {{ dimensions | join(', ') }}, known_slot, changed_slot
),

owned as (
    select
        summed.*,
        {{ call_cost_center('summed') }} as bearing_cost_center
    from summed
    {{ call_owner_joins('summed') }}
)

select * from owned
