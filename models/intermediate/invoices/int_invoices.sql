{# What of the vendors' paper counts now. #}
with states as (
    select * from {{ ref('int_invoice_states') }}
),

newest as (
    select
        issuer,
        invoice_id,
        issued_on,
        billing_account_id,
        billing_period_start,
        currency,
        billing_period_end,
        line_count,
        usage_line_count,
        amount,
        reference_invoice_id,
        dead_rank,
        known_at,
        first_issued_on,
        same_amount_number,
        payable_state,
        is_suspected_duplicate,
        is_credit_memo,
        is_reference_unresolved
    from states
    where next_state_month is null
)

select * from newest
