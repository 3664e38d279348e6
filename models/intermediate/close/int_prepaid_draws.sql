{# What each lot gives to each month; use that no lot covers is on demand, and has no lot. #}
with lots as (
    select * from {{ ref('int_prepaid_lots') }}
),

consumption as (
    select * from {{ ref('int_account_consumption') }}
),

accounts as (
    select
        account_key,
        provider,
        billing_account_id,
        currency,
        min(first_month) as first_month,
        max(period_end) as last_end
    from lots
    group by account_key, provider, billing_account_id, currency
),

left_0 as (
    select
        accounts.account_key,
        consumption.period_month,
        sum(consumption.amount) as left_amount
    from accounts
    inner join consumption
        on
            accounts.provider = consumption.provider
            and accounts.currency = consumption.currency
            and (accounts.billing_account_id is null or accounts.billing_account_id = consumption.billing_account_id)
            and accounts.first_month <= consumption.period_month
            and accounts.last_end > consumption.period_month
    group by accounts.account_key, consumption.period_month
),

{% for i in range(1, max_lots() + 1) -%}
{{ draw_lot(i) }},

{% endfor -%}
draws as (
    {% for i in range(1, max_lots() + 1) -%}
    select account_key, lot_id, period_month, drawn_amount from drawn_{{ i }}
    union all
    {% endfor -%}
    select account_key, cast(null as {{ dbt.type_string() }}) as lot_id, period_month, left_amount as drawn_amount
    from left_{{ max_lots() }}
)

select * from draws
