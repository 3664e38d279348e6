{{ config(materialized='table') }}
{# A payable document as the books take it, from the month in which it stood like that to the month in which it changed: what
   was voided, replaced or corrected later is taken out then, and what stands instead is booked anew. #}
{% set document = 'issuer, invoice_id, issued_on, billing_account_id, billing_month, currency' %}
with standings as (
    select
        *,
        concat(has_usage
        {%- for class in charge_classes() %}, '/', {{ class }}_amount{% endfor %}) as standing
    from {{ ref('int_invoice_standings') }}
),

lines as (
    select * from {{ ref('int_invoice_line_versions') }}
),

{# What moves a document: its own lines, and those of the document that refers to it. #}
causes as (
    select issuer, invoice_id, known_month, known_at from lines
    union all
    select issuer, reference_invoice_id as invoice_id, known_month, known_at from lines
),

moments as (
    select
        issuer,
        invoice_id,
        known_month,
        min(known_at) as known_at
    from causes
    group by issuer, invoice_id, known_month
),

compared as (
    select
        *,
        lag(standing) over (partition by {{ document }} order by state_month) as former_standing
    from standings
),

changed as (
    select
        *,
        lead(state_month) over (partition by {{ document }} order by state_month) as replaced_month
    from compared
    where former_standing is null or standing <> former_standing
),

dated as (
    select
        changed.*,
        coalesce(booked.known_at, cast(changed.state_month as timestamp)) as document_known_at,
        case when changed.replaced_month is not null then coalesce(replaced.known_at, cast(changed.replaced_month as timestamp)) end as replaced_at
    from changed
    left join moments as booked
        on changed.issuer = booked.issuer and changed.invoice_id = booked.invoice_id and changed.state_month = booked.known_month
    left join moments as replaced
        on changed.issuer = replaced.issuer and changed.invoice_id = replaced.invoice_id and changed.replaced_month = replaced.known_month
),

listed as (
    {% for class in charge_classes() -%}
    select
        {{ document }}, state_month as booking_month, document_known_at, replaced_month, replaced_at, '{{ class }}' as charge_class,
        {{ class }}_amount as amount, {{ class }}_functional_amount as functional_amount
    from dated
    where {{ 'has_usage = 1' if class == 'usage' else class ~ '_amount <> 0' }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from listed
