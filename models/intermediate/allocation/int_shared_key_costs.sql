{{ config(materialized='table') }}
{# A shared key in a month and environment: what it was billed, what our calls through it cost, and how much of that is
   traced to a bearer. The vendor's export knows no environment: its amount follows our cost. Where the export names no
   amount for the key, our cost stands for the bill. A key is charged in the currency in which it is billed and priced,
   so that its account's statements tie to the invoice; in the reporting currency where there are several. #}
with usage_costs as (
    select * from {{ ref('int_usage_costs_owned') }} where is_shared_key
),

keys as (
    select * from {{ ref('int_api_key_months') }} where is_shared
),

billed as (
    select * from {{ ref('int_shared_key_bills') }}
),

metered as (
    select
        period_month,
        environment,
        api_key_id,
        max(provider) as provider,
        max(billing_account_id) as billing_account_id,
        min(case when cost_micros <> 0 then currency end) as first_currency,
        max(case when cost_micros <> 0 then currency end) as last_currency,
        {{ int128('sum(cost_micros) * 1000000') }} as metered_pico,
        {{ int128('sum(case when untraced_key_id is null then cost_micros else 0 end) * 1000000') }} as traced_pico,
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
        coalesce(metered.requests, 0) as requests,
        coalesce(metered.metered_pico, 0) as metered_pico,
        coalesce(metered.traced_pico, 0) as traced_pico,
        coalesce(metered.metered_units, 0) as metered_units,
        coalesce(metered.traced_units, 0) as traced_units,
        billed.billed_pico,
        billed.billed_units,
        min(least(billed.first_currency, metered.first_currency)) over (
            partition by keys.period_month, keys.api_key_id
        ) as first_currency,
        max(greatest(billed.last_currency, metered.last_currency)) over (
            partition by keys.period_month, keys.api_key_id
        ) as last_currency,
        sum(metered.metered_units) over (partition by keys.period_month, keys.api_key_id) as metered_sum
    from keys
    left join metered on keys.period_month = metered.period_month and keys.api_key_id = metered.api_key_id
    left join billed on keys.period_month = billed.period_month and keys.api_key_id = billed.api_key_id
    where metered.api_key_id is not null or billed.api_key_id is not null
),

chosen as (
    select
        *,
        coalesce(first_currency = last_currency, false) as is_in_one_currency,
        case when metered_sum > 0 then metered_units else 1 end as raw_weight
    from joined
),

{# Both bills, the ledger's and the key's own, by the same weights. #}
measured as (
    select
        *,
        'ledger' as measure,
        billed_units as units
    from chosen
    union all
    select
        *,
        'own' as measure,
        case when is_in_one_currency then billed_pico else billed_units end as units
    from chosen
),

counted as (
    select
        *,
        max(raw_weight) over (partition by period_month, api_key_id) as largest_weight
    from measured
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
        sum(weight) over (partition by period_month, api_key_id, measure) as weight_sum
    from scaled
),

{{ split_exactly('weighed', 'period_month, api_key_id, measure', 'environment') }},

compared as (
    select
        own.period_month,
        own.environment,
        own.api_key_id,
        own.provider,
        own.billing_account_id,
        own.requests,
        own.billed_units is not null as is_billed_known,
        case when own.is_in_one_currency then own.first_currency else '{{ checked_var('reporting_currency') }}' end as currency,
        case when own.is_in_one_currency then own.metered_pico else own.metered_units end as metered_pico,
        case when own.is_in_one_currency then own.traced_pico else own.traced_units end as traced_pico,
        case when own.billed_units is not null then own.split_units end as split_pico,
        own.metered_units,
        own.traced_units,
        case when ledger.billed_units is not null then ledger.split_units else ledger.metered_units end as billed_units
    from split as own
    inner join split as ledger
        on
            own.period_month = ledger.period_month
            and own.api_key_id = ledger.api_key_id
            and own.environment = ledger.environment
    where own.measure = 'own' and ledger.measure = 'ledger'
),

costs as (
    select
        period_month, environment, api_key_id, provider, billing_account_id, requests, is_billed_known, currency,
        coalesce(split_pico, metered_pico) as billed_pico,
        metered_pico,
        traced_pico,
        coalesce(split_pico, metered_pico) - traced_pico as untraced_pico,
        billed_units,
        metered_units,
        traced_units,
        billed_units - traced_units as untraced_units,
        traced_units > billed_units as is_over_attributed
    from compared
)

select * from costs
