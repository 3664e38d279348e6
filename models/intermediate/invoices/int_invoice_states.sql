{{ config(materialized='table') }}
{# What of the vendors' paper counted at the end of each month in which some of it became known. A number that comes again keeps its first live issue; a re-issue with usage replaces
   the invoice it names; another number with the same account, period and amount is suspect, and still counts. #}
with lines as (
    select * from {{ ref('int_invoice_line_versions') }}
),

known_months as (
    select distinct
        issuer,
        known_month
    from lines
),

months as (
    select
        issuer,
        known_month as state_month,
        lead(known_month) over (partition by issuer order by known_month) as next_state_month
    from known_months
),

then_known as (
    select
        lines.*,
        months.state_month,
        months.next_state_month
    from months
    inner join lines
        on
            months.issuer = lines.issuer
            and months.state_month >= lines.known_month
            and (lines.replaced_month is null or months.state_month < lines.replaced_month)
),

documents as (
    select
        state_month,
        next_state_month,
        issuer,
        invoice_id,
        issued_on,
        billing_account_id,
        billing_period_start,
        currency,
        max(billing_period_end) as billing_period_end,
        count(*) as line_count,
        sum(case when line_type = 'usage' then 1 else 0 end) as usage_line_count,
        sum(amount) as amount,
        sum(case when line_type = 'usage' then amount else 0 end) as usage_amount,
        min(reference_invoice_id) as reference_invoice_id,
        max(case status when 'voided' then 2 when 'draft' then 1 else 0 end) as dead_rank,
        min(known_at) as known_at
    from then_known
    group by state_month, next_state_month, issuer, invoice_id, issued_on, billing_account_id, billing_period_start, currency
),

compared as (
    select
        *,
        min(case when dead_rank = 0 then issued_on end) over (partition by state_month, issuer, invoice_id) as first_issued_on,
        row_number() over (
            partition by state_month, issuer, billing_account_id, billing_period_start, currency, amount, dead_rank
            order by issued_on, invoice_id
        ) as same_amount_number
    from documents
),

{# A credit memo reduces what it names; only a document that bills usage anew replaces it. #}
replacements as (
    select distinct
        state_month,
        issuer,
        reference_invoice_id as replaced_invoice_id,
        billing_account_id,
        billing_period_start
    from documents
    where dead_rank = 0 and usage_line_count > 0 and usage_amount >= 0 and reference_invoice_id <> invoice_id
),

numbers as (
    select distinct
        state_month,
        issuer,
        invoice_id
    from documents
),

judged as (
    select
        compared.*,
        case
            when compared.dead_rank = 2 then 'voided'
            when compared.dead_rank = 1 then 'draft'
            when compared.issued_on > compared.first_issued_on then 'duplicate'
            when replacements.replaced_invoice_id is not null then 'replaced'
            else 'payable'
        end as payable_state,
        compared.dead_rank = 0 and compared.same_amount_number > 1 and compared.amount <> 0
        and compared.issued_on = compared.first_issued_on as is_suspected_duplicate,
        compared.amount < 0 as is_credit_memo,
        (compared.reference_invoice_id is not null or compared.amount < 0) and numbers.invoice_id is null as is_reference_unresolved
    from compared
    left join replacements
        on
            compared.state_month = replacements.state_month
            and compared.issuer = replacements.issuer
            and compared.invoice_id = replacements.replaced_invoice_id
            and compared.billing_account_id = replacements.billing_account_id
            and compared.billing_period_start = replacements.billing_period_start
    left join numbers
        on
            compared.state_month = numbers.state_month
            and compared.issuer = numbers.issuer
            and compared.reference_invoice_id = numbers.invoice_id
)

select * from judged
