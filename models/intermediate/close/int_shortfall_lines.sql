{# What vendors billed for missed minimums, by the term that it is for: the one in which the service period of the line begins,
   else the latest that had begun by then; where the line names no service period, every term that had begun. The account's
   own terms come before those of the whole provider. Only commitments in the reporting currency are booked. #}
{% set document = ['issuer', 'invoice_id', 'issued_on', 'billing_account_id', 'currency'] %}
with lines as (
    select
        *,
        {{ month_of('billing_period_start') }} as billing_month
    from {{ ref('int_invoice_line_versions') }}
    where line_type = 'commitment'
),

arrivals as (
    select * from {{ ref('int_invoice_arrivals') }} where charge_class = 'commitment'
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

commitments as (
    select * from {{ ref('commitments') }} where kind = 'minimum_spend' and currency = '{{ checked_var('reporting_currency') }}'
),

{# A line counts while it stands and its document does. #}
standing as (
    select
        lines.{{ document | join(',\n        lines.') }},
        lines.invoice_line_id,
        lines.billing_period_start,
        lines.charge_start,
        lines.has_service_period,
        greatest(lines.known_month, arrivals.booking_month) as booking_month,
        least(
            coalesce(lines.replaced_month, arrivals.replaced_month), coalesce(arrivals.replaced_month, lines.replaced_month)
        ) as replaced_month,
        {{ prorated('arrivals.functional_amount', 'lines.amount', 'arrivals.amount') }} as billed_amount
    from lines
    inner join arrivals
        on
            lines.issuer = arrivals.issuer
            and lines.invoice_id = arrivals.invoice_id
            and lines.issued_on = arrivals.issued_on
            and lines.billing_account_id = arrivals.billing_account_id
            and lines.billing_month = arrivals.billing_month
            and (arrivals.replaced_month is null or lines.known_month < arrivals.replaced_month)
            and (lines.replaced_month is null or arrivals.booking_month < lines.replaced_month)
),

ranked as (
    select
        standing.*,
        commitments.contract_id,
        commitments.period_start,
        rank() over (
            partition by standing.{{ document | join(', standing.') }}, standing.billing_period_start, standing.invoice_line_id, standing.booking_month
            order by case when commitments.billing_account_id is null then 1 else 0 end
        ) as level_rank,
        row_number() over (
            partition by standing.{{ document | join(', standing.') }}, standing.billing_period_start, standing.invoice_line_id, standing.booking_month
            order by
                case when commitments.billing_account_id is null then 1 else 0 end,
                case when standing.charge_start >= commitments.period_start and standing.charge_start < commitments.period_end then 0 else 1 end,
                commitments.period_start desc,
                commitments.contract_id
        ) as term_rank
    from standing
    inner join accounts
        on standing.billing_account_id = accounts.billing_account_id and standing.issuer = accounts.issuer
    inner join commitments
        on
            accounts.provider = commitments.provider
            and (commitments.billing_account_id is null or accounts.billing_account_id = commitments.billing_account_id)
            and standing.charge_start >= {{ month_of('commitments.period_start') }}
),

chosen as (
    select * from ranked where level_rank = 1 and (term_rank = 1 or has_service_period = 0)
)

select * from chosen
