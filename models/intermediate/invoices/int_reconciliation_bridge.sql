{{ config(materialized='table') }}
{# How the invoice comes from the estimate, key by key. Our price is the estimate's, or the billed one where we metered
   nothing. A quantity that the vendor's own export does not support is unexplained, and so is all that has no name. #}
with legs as (
    select * from {{ ref('int_reconciliation_legs') }}
),

grains as (
    select * from {{ ref('int_reconciliation_grains') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

based as (
    select
        legs.*,
        grains.has_export,
        grains.is_currency_mismatched,
        coalesce(legs.estimated_amount, 0) as expected_amount,
        coalesce(legs.invoiced_amount, 0) as actual_amount,
        coalesce(legs.estimated_quantity, 0) as expected_quantity,
        coalesce(legs.invoiced_quantity, 0) as actual_quantity,
        legs.late_in_quantity - legs.late_out_quantity as late_quantity,
        case when legs.estimated_quantity <> 0 then legs.estimated_amount else legs.priced_amount end as base_amount,
        case when legs.estimated_quantity <> 0 then legs.estimated_quantity else legs.invoiced_quantity end as base_quantity,
        coalesce(legs.estimated_quantity <> 0, false) as is_metered,
        {# An invoice comes in the month after: until then all use is late. #}
        grains.is_uninvoiced and legs.period_month >= {{ month_of('clock.as_of - interval 1 month') }} as is_awaited
    from legs
    inner join grains
        on
            legs.period_month = grains.period_month
            and legs.issuer = grains.issuer
            and legs.billing_account_id = grains.billing_account_id
            and legs.currency = grains.currency
    cross join clock
),

{# What is neither timing nor metered alike, and how much of it the vendor's export could bear out. #}
bounded as (
    select
        *,
        actual_quantity - expected_quantity - late_quantity as open_quantity,
        least(0, exported_quantity - expected_quantity, exported_quantity - expected_quantity - late_quantity) as least_quantity,
        greatest(0, exported_quantity - expected_quantity, exported_quantity - expected_quantity - late_quantity) as most_quantity
    from based
),

supported as (
    select
        *,
        case
            when exported_quantity is null then open_quantity
            else greatest(least_quantity, least(open_quantity, most_quantity))
        end as metering_quantity
    from bounded
),

{# An amount without a quantity cannot be split: against an estimate its difference has no name. #}
classified as (
    select
        *,
        case
            when is_awaited then 'awaited'
            when actual_quantity <> 0 or usage_amount = 0 then 'measured'
            when expected_amount = 0 then 'billed_only'
            else 'incomparable'
        end as reading
    from supported
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
    from classified
),

{# The last digit of the products above, beside what the vendor rounded. #}
settled as (
    select
        *,
        priced_amount - expected_amount - price_amount - timing_amount - metering_amount - unsupported_amount as residue
    from valued
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
        has_voided_lines,
        has_duplicate_lines,
        actual_amount - expected_amount as variance_amount,
        {{ ledger('price_amount') }} as price_amount,
        {{ ledger('timing_amount') }} as timing_amount,
        {{ ledger('case when metering_amount > 0 then metering_amount else 0 end') }} as unmetered_amount,
        {{ ledger('case when metering_amount < 0 then metering_amount else 0 end') }} as overmetered_amount,
        commitment_billed as commitment_amount,
        credit_billed as credit_amount,
        fee_billed as fee_amount,
        tax_billed as tax_amount,
        {{ ledger('0') }} as fx_amount,
        {{ ledger('rounding_billed + line_rounding_amount + case when abs(residue) < 0.000000001 then residue else 0 end') }} as rounding_amount
    from settled
)

select
    *,
    variance_amount - price_amount - timing_amount - unmetered_amount - overmetered_amount - commitment_amount
    - credit_amount - fee_amount - tax_amount - fx_amount - rounding_amount as unexplained_amount
from bridged
