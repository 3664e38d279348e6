{{ config(materialized='table') }}
{# A shared key in a month and environment: what it was billed, what our calls through it cost, and how much of that is
   traced to a bearer. The vendor's export knows no environment: its amount follows our cost. Where the export names no
   amount for the key, our cost stands for the bill. #}
with usage_costs as (
    select * from {{ ref('int_usage_costs_owned') }} where is_shared_key
),

keys as (
    select * from {{ ref('int_api_key_months') }} where is_shared
),

exports as (
    select * from {{ ref('int_provider_usage') }} where amount is not null and api_key_id is not null
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

converted as (
    select
        {{ month_of('exports.period_start') }} as period_month,
        exports.api_key_id,
        case
            when exports.currency = '{{ checked_var('reporting_currency') }}' then {{ pico('exports.amount') }}
            when fx_rates.rate is not null then {{ pico_at_rate(pico('exports.amount'), 'fx_rates.rate') }}
            else {{ int128(missing_rate('exports.currency', 'exports.period_start')) }}
        end as billed_units
    from exports
    left join fx_rates
        on exports.currency = fx_rates.currency and cast(exports.period_start as date) = fx_rates.rate_date
),

billed as (
    select
        period_month,
        api_key_id,
        sum(billed_units) as billed_units
    from converted
    group by period_month, api_key_id
),

metered as (
    select
        period_month,
        environment,
        api_key_id,
        max(provider) as provider,
        max(billing_account_id) as billing_account_id,
        {{ pico('sum(cost_usd)') }} as metered_units,
        {{ pico('sum(case when untraced_key_id is null then cost_usd else 0 end)') }} as traced_units,
        cast(sum(requests) as bigint) as requests
    from usage_costs
    group by period_month, environment, api_key_id
),

{# A key that was billed and never seen in our calls is wholly untraced, and taken for production. #}
joined as (
    select
        keys.period_month,
        keys.api_key_id,
        coalesce(metered.environment, 'production') as environment,
        metered.provider,
        metered.billing_account_id,
        coalesce(metered.metered_units, 0) as metered_units,
        coalesce(metered.traced_units, 0) as traced_units,
        coalesce(metered.requests, 0) as requests,
        billed.billed_units is not null as is_billed_known,
        coalesce(billed.billed_units, sum(metered.metered_units) over (partition by keys.period_month, keys.api_key_id)) as units,
        sum(metered.metered_units) over (partition by keys.period_month, keys.api_key_id) as metered_sum
    from keys
    left join metered on keys.period_month = metered.period_month and keys.api_key_id = metered.api_key_id
    left join billed on keys.period_month = billed.period_month and keys.api_key_id = billed.api_key_id
    where metered.api_key_id is not null or billed.api_key_id is not null
),

counted as (
    select
        *,
        case when metered_sum > 0 then metered_units else 1 end as raw_weight,
        max(case when metered_sum > 0 then metered_units else 1 end) over (partition by period_month, api_key_id) as largest_weight
    from joined
),

scaled as (
    select
        *,
        {{ whole_weight('raw_weight', 'largest_weight') }} as weight
    from counted
),

weighed as (
    select
        *,
        sum(weight) over (partition by period_month, api_key_id) as weight_sum
    from scaled
),

{{ split_exactly('weighed', 'period_month, api_key_id', 'environment') }},

compared as (
    select
        period_month,
        environment,
        api_key_id,
        provider,
        billing_account_id,
        requests,
        is_billed_known,
        split_units as billed_units,
        metered_units,
        traced_units,
        split_units - traced_units as untraced_units,
        traced_units > split_units as is_over_attributed
    from split
)

select * from compared
