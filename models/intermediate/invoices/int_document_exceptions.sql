{# What is wrong with documents. What was billed twice is settled by credits that name the invoice. #}
with invoices as (
    select * from {{ ref('int_invoices') }}
),

lines as (
    select * from {{ ref('int_invoice_lines') }} where line_type = 'usage'
),

credits as (
    select * from {{ ref('int_claim_credits') }}
),

numbers as (
    select distinct
        issuer,
        invoice_id,
        currency
    from invoices
),

{# What corrects an invoice that is here in another currency corrects none. #}
referring as (
    select
        invoices.*,
        invoices.is_reference_unresolved or (invoices.reference_invoice_id is not null and numbers.invoice_id is null) as is_unresolved
    from invoices
    left join numbers
        on
            invoices.issuer = numbers.issuer
            and invoices.reference_invoice_id = numbers.invoice_id
            and invoices.currency = numbers.currency
),

of_documents as (
    select
        case
            when is_suspected_duplicate then 'suspected_duplicate'
            when payable_state = 'duplicate' then 'duplicate_invoice'
            when is_unresolved then 'unresolved_reference'
            else 'draft_invoice'
        end as kind,
        {{ month_of('billing_period_start') }} as period_month,
        issuer,
        billing_account_id,
        currency,
        invoice_id,
        cast(null as {{ dbt.type_string() }}) as model,
        cast(null as {{ dbt.type_string() }}) as meter,
        concat(issuer, ' / ', invoice_id) as key,
        amount
    from referring
    where is_suspected_duplicate or payable_state in ('duplicate', 'draft') or (is_unresolved and payable_state = 'payable')
),

{# The same use twice in one document, under another line number. #}
of_lines as (
    select
        'suspected_duplicate_line' as kind,
        {{ month_of('lines.billing_period_start') }} as period_month,
        lines.issuer,
        lines.billing_account_id,
        lines.currency,
        lines.invoice_id,
        lower(lines.model) as model,
        lower(lines.meter) as meter,
        concat(lines.issuer, ' / ', lines.invoice_id, ' / ', coalesce(lines.model, ''), ' / ', coalesce(lines.meter, '')) as key,
        (count(*) - 1) * lines.amount as amount
    from lines
    inner join invoices
        on
            lines.issuer = invoices.issuer
            and lines.invoice_id = invoices.invoice_id
            and lines.issued_on = invoices.issued_on
            and lines.billing_account_id = invoices.billing_account_id
            and lines.billing_period_start = invoices.billing_period_start
    where invoices.payable_state = 'payable' and lines.amount <> 0
    group by
        lines.issuer, lines.invoice_id, lines.issued_on, lines.billing_account_id, lines.billing_period_start, lines.currency, lines.model,
        lines.meter, lines.service_tier, lines.description, lines.quantity, lines.unit_price, lines.amount, lines.charge_period_start,
        lines.charge_period_end
    having count(*) > 1
),

of_papers as (
    select * from of_documents
    union all
    select * from of_lines
),

{# A credit of one line's meter does not settle another line. #}
credited as (
    select
        papers.kind,
        papers.period_month,
        papers.issuer,
        papers.billing_account_id,
        papers.currency,
        papers.key,
        papers.amount,
        coalesce(sum(credits.amount), 0) as credited_amount
    from of_papers as papers
    left join credits
        on
            papers.kind in ('suspected_duplicate', 'suspected_duplicate_line')
            and papers.issuer = credits.issuer
            and papers.invoice_id = credits.invoice_id
            and papers.billing_account_id = credits.billing_account_id
            and papers.currency = credits.currency
            and (papers.meter is null or credits.meter is null or papers.meter = credits.meter)
            and (papers.model is null or credits.model is null or papers.model = credits.model)
    group by papers.kind, papers.period_month, papers.issuer, papers.billing_account_id, papers.currency, papers.key, papers.amount
),

opened as (
    select kind, period_month, issuer, billing_account_id, currency, key, amount - credited_amount as amount
    from credited
    where credited_amount = 0 or credited_amount < amount
)

select * from opened
