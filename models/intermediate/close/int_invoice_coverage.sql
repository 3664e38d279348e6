{{ config(materialized='table') }}
{# A document covers the days from the first to the last that its lines of use name; a line that names none covers its
   document's billing period. #}
{% set document = ['issuer', 'invoice_id', 'issued_on', 'billing_account_id', 'billing_month', 'currency', 'booking_month', 'replaced_month'] %}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }} where charge_class = 'usage'
),

lines as (
    select
        *,
        {{ month_of('billing_period_start') }} as billing_month
    from {{ ref('int_invoice_line_versions') }}
    where line_type = 'usage'
),

numbers as (
    {{ small_numbers() }}
),

documents as (
    select
        arrivals.{{ document | join(', arrivals.') }},
        arrivals.functional_amount,
        min(lines.charge_start) as first_day,
        greatest(max(lines.charge_end), cast(min(lines.charge_start) + interval 1 day as date)) as end_day
    from arrivals
    inner join lines
        on
            arrivals.issuer = lines.issuer
            and arrivals.invoice_id = lines.invoice_id
            and arrivals.issued_on = lines.issued_on
            and arrivals.billing_account_id = lines.billing_account_id
            and arrivals.billing_month = lines.billing_month
            and arrivals.booking_month >= lines.known_month
            and (lines.replaced_month is null or arrivals.booking_month < lines.replaced_month)
    group by arrivals.{{ document | join(', arrivals.') }}, arrivals.functional_amount
),

months as (
    select
        documents.*,
        {{ month_of(add_months(month_of('documents.first_day'), 'numbers.n')) }} as event_month,
        {{ month_of(add_months(month_of('documents.first_day'), 'numbers.n + 1')) }} as next_month
    from documents
    inner join numbers on {{ month_of(add_months(month_of('documents.first_day'), 'numbers.n')) }} < documents.end_day
),

covered as (
    select
        {{ document | join(', ') }},
        event_month,
        functional_amount,
        cast(greatest(first_day, event_month) as date) as first_day,
        cast(least(end_day, next_month) as date) as end_day,
        first_day > event_month or end_day < next_month
        or count(*) over (partition by {{ document | join(', ') }}) > 1 as is_part
    from months
)

select * from covered
