{# What the vendor's export names for a key in a month: in the ledger's currency, and as it stands where it is all in one. #}
with exports as (
    select * from {{ ref('int_provider_usage') }} where amount is not null and api_key_id is not null
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

converted as (
    select
        {{ month_of('exports.period_start') }} as period_month,
        exports.api_key_id,
        exports.currency,
        {{ pico('exports.amount') }} as amount_pico,
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
        min(currency) as first_currency,
        max(currency) as last_currency,
        sum(amount_pico) as billed_pico,
        sum(billed_units) as billed_units
    from converted
    group by period_month, api_key_id
)

select * from billed
