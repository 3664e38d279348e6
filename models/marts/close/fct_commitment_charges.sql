with shortfalls as (
    select * from {{ ref('int_shortfall_accruals') }}
),

prepaid as (
    select * from {{ ref('int_prepaid_months') }}
),

charged as (
    select
        period_month,
        contract_id,
        provider,
        billing_account_id,
        'minimum_spend' as kind,
        period_start,
        period_end,
        accrual_method as method,
        currency,
        committed_amount,
        eligible_amount as consumed_amount,
        consumed_amount as consumed_to_date,
        accrued_amount as accrued_to_date,
        charge_amount,
        cast(null as decimal(38, 12)) as remaining_amount,
        cast(null as decimal(38, 12)) as breakage_amount
    from shortfalls
    union all
    select
        period_month,
        contract_id,
        provider,
        billing_account_id,
        'prepaid' as kind,
        period_start,
        period_end,
        valuation_method as method,
        currency,
        paid_amount as committed_amount,
        drawn_amount as consumed_amount,
        drawn_to_date as consumed_to_date,
        amortised_to_date as accrued_to_date,
        amortised_amount + breakage_amount as charge_amount,
        paid_amount - amortised_to_date - breakage_amount as remaining_amount,
        breakage_amount
    from prepaid
),

typed as (
    select
        period_month,
        contract_id,
        provider,
        billing_account_id,
        kind,
        period_start,
        period_end,
        method,
        currency,
        {% for amount in ['committed', 'consumed'] -%}
        cast({{ amount }}_amount as decimal(38, 12)) as {{ amount }}_amount,
        {% endfor -%}
        cast(consumed_to_date as decimal(38, 12)) as consumed_to_date_amount,
        cast(accrued_to_date as decimal(38, 12)) as accrued_to_date_amount,
        cast(charge_amount as decimal(38, 12)) as charge_amount,
        cast(remaining_amount as decimal(38, 12)) as remaining_amount,
        cast(breakage_amount as decimal(38, 12)) as breakage_amount
    from charged
)

select * from typed
