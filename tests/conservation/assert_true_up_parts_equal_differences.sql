-- Every difference between an invoice and our ledger is split whole over its bearers, to the pico: what is posted of it
-- afterwards is rounded, and would hide a lost one.
with differences as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        sum(units) as expected_pico
    from {{ ref('int_statement_differences') }}
    group by period_month, issuer, billing_account_id, currency
),

parts as (
    select
        period_month,
        issuer,
        billing_account_id,
        currency,
        sum(amount_pico) as found_pico
    from {{ ref('int_statement_true_up_parts') }}
    group by period_month, issuer, billing_account_id, currency
)

select
    coalesce(differences.period_month, parts.period_month) as period_month,
    coalesce(differences.issuer, parts.issuer) as issuer,
    coalesce(differences.billing_account_id, parts.billing_account_id) as billing_account_id,
    coalesce(differences.currency, parts.currency) as currency,
    differences.expected_pico,
    parts.found_pico
from differences
full outer join parts
    on
        differences.period_month = parts.period_month
        and differences.issuer = parts.issuer
        and differences.billing_account_id = parts.billing_account_id
        and differences.currency = parts.currency
where coalesce(differences.expected_pico, 0) <> coalesce(parts.found_pico, 0)
