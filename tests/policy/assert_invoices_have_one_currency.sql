-- An invoice is written in one currency: two under one number are two documents, or a wrong line, and have no total.
with invoice_lines as (
    select * from {{ ref('int_invoice_lines') }}
),

mixed as (
    select
        issuer,
        invoice_id,
        min(currency) as one_currency,
        max(currency) as other_currency
    from invoice_lines
    group by issuer, invoice_id
    having count(distinct currency) > 1
)

select
    'mixed_currency: one invoice has lines in two currencies; correct the invoice or deliver it as two' as reason,
    issuer,
    invoice_id,
    one_currency,
    other_currency
from mixed
