{{ config(materialized='table') }}
{# How the invoice comes from the estimate, key by key. Our price is the estimate's, or the billed one where we metered
   nothing. A quantity that the vendor's own export does not support is unexplained, and so is all that has no name. #}
{% set group = 'period_month, issuer, billing_account_id, currency' %}
with quantities as (
    select
        *,
        {# Tokens are alike; searches and requests are not added to them. #}
        case when reading = 'measured' and meter not in ('request', 'web_search', 'tool_call', 'other', 'reported') then 1 else 0 end as is_mixable
    from {{ ref('int_reconciliation_quantities') }}
),

valued as (
    select
        *,
        case
            when reading = 'measured' and is_metered
                then priced_amount - coalesce({{ prorated('base_amount', 'actual_quantity', 'base_quantity') }}, 0)
            else 0
        end as price_amount,
        case
            when reading = 'awaited' then -expected_amount
            when reading = 'measured' then coalesce({{ prorated('base_amount', 'late_quantity', 'base_quantity') }}, 0)
            else 0
        end as timing_amount,
        case
            when reading = 'billed_only' then priced_amount
            when reading = 'measured' and not is_metered and actual_quantity = 0 then -expected_amount
            when reading = 'measured' then coalesce({{ prorated('base_amount', 'metering_quantity', 'base_quantity') }}, 0)
            else 0
        end as metering_amount,
        case
            when reading = 'measured' then coalesce({{ prorated('base_amount', 'open_quantity - metering_quantity', 'base_quantity') }}, 0)
            else 0
        end as unsupported_amount
    from quantities
),

{# The same quantity variance read a second way: how much more of all, and how much more of this than of the rest. #}
read_again as (
    select
        *,
        case
            when reading = 'awaited' then -expected_amount
            when reading <> 'measured' then 0
            when is_metered then coalesce({{ prorated('base_amount', '(actual_quantity - expected_quantity)', 'base_quantity') }}, 0)
            else priced_amount - expected_amount
        end as quantity_amount,
        price_amount - coalesce({{ prorated('price_amount', 'expected_quantity', 'actual_quantity') }}, 0) as joint_amount,
        sum(is_mixable * actual_quantity) over (partition by {{ group }}) as all_actual_quantity,
        sum(is_mixable * expected_quantity) over (partition by {{ group }}) as all_expected_quantity
    from valued
),

{# The last digits of the products above, beside what the vendor rounded: each is cast to twelve decimals. #}
settled as (
    select
        *,
        priced_amount - expected_amount - price_amount - timing_amount - metering_amount - unsupported_amount as residue,
        case
            when is_mixable = 1 and all_expected_quantity > 0
                then coalesce({{ prorated('expected_amount', '(all_actual_quantity - all_expected_quantity)', 'all_expected_quantity') }}, 0)
            else quantity_amount
        end as volume_amount
    from read_again
),

bridged as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        model,
        meter,
        service_tier,
        provider,
        estimated_quantity,
        estimated_amount,
        exported_quantity,
        exported_amount,
        export_records,
        invoiced_quantity,
        invoiced_amount,
        invoiced_functional_amount,
        usage_amount,
        has_export,
        is_currency_mismatched,
        is_metered,
        is_awaited,
        is_uninvoiced,
        has_voided_lines,
        has_duplicate_lines,
        actual_amount - expected_amount as variance_amount,
        {{ ledger('quantity_amount') }} as quantity_amount,
        {{ ledger('joint_amount') }} as joint_amount,
        {{ ledger('volume_amount') }} as volume_amount,
        {{ ledger('quantity_amount - volume_amount') }} as mix_amount,
        {{ ledger('price_amount') }} as price_amount,
        {{ ledger('timing_amount') }} as timing_amount,
        {{ ledger('case when metering_amount > 0 then metering_amount else 0 end') }} as unmetered_amount,
        {{ ledger('case when metering_amount < 0 then metering_amount else 0 end') }} as overmetered_amount,
        commitment_billed as commitment_amount,
        credit_billed as credit_amount,
        fee_billed as fee_amount,
        tax_billed as tax_amount,
        {{ ledger('0') }} as fx_amount,
        {{ ledger('rounding_billed + line_rounding_amount + case when abs(residue) < 0.00000000001 then residue else 0 end') }} as rounding_amount
    from settled
),

explained as (
    select
        *,
        variance_amount - price_amount - timing_amount - unmetered_amount - overmetered_amount - commitment_amount
        - credit_amount - fee_amount - tax_amount - fx_amount - rounding_amount as unexplained_amount
    from bridged
)

select * from explained
