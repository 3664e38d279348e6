{# Direct costs as they are posted: calls in the currency that they are priced in, charges and reviews in the reporting
   currency. Calls that came through a shared key untraced are charged with the key. #}
with calls as (
    select
        period_month,
        environment,
        'usage' as source,
        layer,
        provider,
        billing_account_id,
        currency,
        bearing_cost_center as cost_center,
        tenant_id,
        cost_center_confidence,
        application,
        cast(requests as decimal(26, 12)) as quantity,
        {{ int128('cost_micros * 1000000') }} as amount_pico,
        {{ pico('cost_usd') }} as ledger_units
    from {{ ref('int_usage_costs_owned') }}
    where untraced_key_id is null
),

others as (
    select
        period_month,
        environment,
        source,
        layer,
        provider,
        billing_account_id,
        '{{ checked_var('reporting_currency') }}' as currency,
        cost_center,
        tenant_id,
        cost_center_confidence,
        application,
        case when source = 'review' then cast(review_minutes as decimal(26, 12)) end as quantity,
        {{ pico('cost_usd') }} as amount_pico,
        {{ pico('cost_usd') }} as ledger_units
    from {{ ref('int_direct_costs_monthly') }}
    where source <> 'usage'
),

listed as (
    select * from calls
    union all
    select * from others
)

select * from listed
