with residuals as (
    select * from {{ ref('int_reconciliation_residuals') }}
),

tolerances as (
    select * from {{ ref('int_reconciliation_tolerances') }}
),

summed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        coalesce(sum(estimated_amount), 0) as estimated_amount,
        coalesce(sum(exported_amount), 0) as exported_amount,
        coalesce(sum(invoiced_amount), 0) as invoiced_amount,
        sum(variance_amount) as variance_before_adjustments,
        sum(residual_amount) as variance_after_adjustments,
        sum(abs(residual_amount)) as gross_residual,
        sum(settled_amount) as settled_amount,
        sum(open_amount) as open_amount,
        sum(abs(open_amount)) as open_gross_amount,
        {% for component in bridge_components() -%}
        sum({{ component }}_amount) as {{ component }}_amount,
        {% endfor -%}
        {% for reading in ['quantity', 'joint', 'volume', 'mix'] -%}
        sum({{ reading }}_amount) as {{ reading }}_amount,
        {% endfor -%}
        sum(fx_functional_amount) as fx_functional_amount,
        sum(variance_functional_amount) as variance_functional_amount,
        max(accrual_rate) as accrual_rate,
        max(case when is_awaited then 1 else 0 end) = 1 as is_invoice_awaited,
        max(case when is_uninvoiced and not is_awaited and estimated_amount <> 0 then 1 else 0 end) = 1 as is_invoice_missing
    from residuals
    group by period_month, issuer, billing_account_id, currency
),

bounded as (
    select
        summed.*,
        tolerances.clearly_trivial,
        tolerances.material,
        {{ tolerance_limit('summed.invoiced_amount') }} as tolerance,
        case
            when summed.is_invoice_awaited or summed.is_invoice_missing then 0
            when abs(summed.open_amount) <= coalesce(tolerances.clearly_trivial, 0) then 0
            else cast(sign(summed.open_amount) as integer)
        end as residual_sign,
        row_number() over (partition by summed.issuer, summed.billing_account_id, summed.currency order by summed.period_month) as month_number
    from summed
    left join tolerances
        on summed.period_month = tolerances.period_month and summed.issuer = tolerances.issuer
),

{# Months in a row with one sign share the difference of their two numberings. #}
streaks as (
    select
        *,
        month_number - row_number() over (partition by issuer, billing_account_id, currency, residual_sign order by period_month) as streak
    from bounded
),

counted as (
    select
        *,
        case
            when residual_sign = 0 then 0
            else row_number() over (partition by issuer, billing_account_id, currency, residual_sign, streak order by period_month)
        end as periods_same_sign
    from streaks
),

{# Without an invoice there is nothing to judge: it is still due, or overdue. What credits have settled is not judged. Net and gross stand the same test; a bias of three periods is looked into even where each of them is small. #}
ranked as (
    select
        *,
        case
            when is_invoice_awaited then 'awaiting_invoice'
            when is_invoice_missing then 'missing_invoice'
            when greatest(abs(open_amount), open_gross_amount) >= material then 'material'
            when greatest(abs(open_amount), open_gross_amount) > tolerance or periods_same_sign >= 3 then 'investigate'
            else 'within_tolerance'
        end as status
    from counted
),

typed as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        cast(estimated_amount as decimal(38, 12)) as estimated_amount,
        cast(exported_amount as decimal(38, 12)) as exported_amount,
        cast(invoiced_amount as decimal(38, 12)) as invoiced_amount,
        cast(variance_before_adjustments as decimal(38, 12)) as variance_before_adjustments,
        {{ money_ratio('variance_before_adjustments', 'estimated_amount') }} as variance_before_adjustments_rate,
        cast(variance_after_adjustments as decimal(38, 12)) as variance_after_adjustments,
        {{ money_ratio('variance_after_adjustments', 'estimated_amount') }} as variance_after_adjustments_rate,
        {% for component in bridge_components() -%}
        cast({{ component }}_amount as decimal(38, 12)) as {{ component }}_amount,
        {% endfor -%}
        {% for reading in ['quantity', 'joint', 'volume', 'mix'] -%}
        cast({{ reading }}_amount as decimal(38, 12)) as {{ reading }}_amount,
        {% endfor -%}
        accrual_rate,
        cast(variance_functional_amount as decimal(38, 12)) as variance_functional_amount,
        cast(fx_functional_amount as decimal(38, 12)) as fx_functional_amount,
        cast(gross_residual as decimal(38, 12)) as gross_residual,
        cast(settled_amount as decimal(38, 12)) as settled_amount,
        tolerance,
        status,
        cast(periods_same_sign as integer) as periods_same_sign,
        is_invoice_awaited
    from ranked
)

select * from typed
