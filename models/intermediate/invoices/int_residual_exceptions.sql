{# What no exception of a key names and is still too much for the account's month: one exception, named after the largest
   component to one side. #}
{% set account = 'period_month, issuer, billing_account_id, currency' %}
{% set kinds = {
    'price': ('price_exception', 'is_price_listed'), 'unmetered': ('quantity_exception', 'is_metering_listed'),
    'overmetered': ('quantity_exception', 'is_metering_listed'), 'rounding': ('rounding_exception', 'false'),
    'unexplained': ('unexplained', 'is_unexplained_listed'),
} %}
with reports as (
    select * from {{ ref('rpt_invoice_reconciliation') }} where status in ('investigate', 'material')
),

judged as (
    select * from {{ ref('int_judged_residuals') }}
),

remainders as (
    select
        {{ account }},
        material,
        {% for component, (kind, listed) in kinds.items() -%}
        case when is_whole_listed or {{ listed }} then 0 else {{ component }}_amount end as {{ component }}_amount{{ ',' if not loop.last }}
        {% endfor %}
    from judged
),

months as (
    select
        {{ account }},
        max(material) as material,
        sum(abs({% for component in kinds %}{{ component }}_amount{{ ' + ' if not loop.last }}{% endfor %})) as gross_amount
    from remainders
    group by {{ account }}
),

excessive as (
    select
        months.period_month,
        months.issuer,
        months.billing_account_id,
        months.currency
    from months
    inner join reports
        on
            months.period_month = reports.period_month
            and months.issuer = reports.issuer
            and months.billing_account_id = reports.billing_account_id
            and months.currency = reports.currency
    where months.gross_amount > reports.tolerance or months.gross_amount >= months.material
),

parts as (
    {% for component, (kind, listed) in kinds.items() -%}
    select
        '{{ kind }}' as kind,
        {{ loop.index }} as component_number,
        {{ account }},
        sign({{ component }}_amount) as side,
        sum({{ component }}_amount) as amount
    from remainders
    group by {{ account }}, sign({{ component }}_amount)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        parts.*,
        row_number() over (
            partition by parts.period_month, parts.issuer, parts.billing_account_id, parts.currency
            order by abs(parts.amount) desc, parts.component_number, parts.side
        ) as part_rank
    from parts
    inner join excessive
        on
            parts.period_month = excessive.period_month
            and parts.issuer = excessive.issuer
            and parts.billing_account_id = excessive.billing_account_id
            and parts.currency = excessive.currency
    where parts.amount <> 0
),

named as (
    select
        kind,
        {{ account }},
        concat(issuer, ' / ', billing_account_id, ' / ', currency) as key,
        amount
    from ranked
    where part_rank = 1
)

select * from named
