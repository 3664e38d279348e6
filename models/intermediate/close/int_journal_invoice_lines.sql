{# A vendor's document in the month in which it became known. What it bills for use goes where the ledger of that month
   puts the use; a prepayment is an asset, and its drawdown turns it into cost at what the lot cost. #}
{% set header = ['issuer', 'invoice_id', 'billing_account_id', 'billing_month', 'booking_month', 'currency', 'posting_date', 'reversed_on', 'implied_rate', 'entity'] %}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }}
),

amortisations as (
    select * from {{ ref('int_prepaid_amortisations') }}
),

shares as (
    select * from {{ ref('int_invoice_cost_shares') }}
),

accounts as (
    select * from {{ ref('int_posting_accounts') }}
),

billing_accounts as (
    select * from {{ ref('billing_accounts') }}
),

documents as (
    select
        issuer,
        invoice_id,
        issued_on,
        billing_account_id,
        billing_month,
        booking_month,
        currency,
        cast(document_known_at as date) as posting_date,
        cast(replaced_at as date) as reversed_on,
        sum(case when charge_class in ('usage', 'other', 'drawdown') then amount else 0 end) as use_amount,
        sum(case when charge_class = 'fee' then amount else 0 end) as fee_amount,
        sum(case when charge_class = 'commitment' then amount else 0 end) as commitment_amount,
        sum(case when charge_class = 'tax' then amount else 0 end) as tax_amount,
        sum(case when charge_class = 'prepayment' then amount else 0 end) as prepayment_amount,
        {{ money_ratio('sum(functional_amount)', 'sum(amount)') }} as implied_rate
    from arrivals
    group by issuer, invoice_id, issued_on, billing_account_id, billing_month, booking_month, currency, document_known_at, replaced_at
),

valued as (
    select
        documents.*,
        coalesce(billing_accounts.entity, 'default') as entity
    from documents
    left join billing_accounts
        on documents.billing_account_id = billing_accounts.billing_account_id and documents.issuer = billing_accounts.issuer
),

{# What is drawn at the lots' own cost, when it is booked and when that cost turns out different. #}
amortised as (
    select
        valued.issuer,
        valued.invoice_id,
        valued.billing_account_id,
        valued.billing_month,
        amortisations.booking_month,
        valued.currency,
        amortisations.posting_date,
        valued.reversed_on,
        valued.implied_rate,
        valued.entity,
        amortisations.amortised_amount
    from valued
    inner join amortisations
        on
            valued.issuer = amortisations.issuer
            and valued.invoice_id = amortisations.invoice_id
            and valued.issued_on = amortisations.issued_on
            and valued.billing_account_id = amortisations.billing_account_id
            and valued.billing_month = amortisations.billing_month
            and valued.booking_month = amortisations.document_month
),

parts as (
    {% for part, amount in {
        'tax': 'tax_amount', 'fee': 'fee_amount', 'shortfall': 'commitment_amount', 'prepayment': 'prepayment_amount',
    }.items() -%}
    select {{ header | join(', ') }}, 'invoice' as entry_type, '{{ part }}' as part, '__none__' as layer, '__none__' as cost_center, {{ amount }} as amount
    from valued
    union all
    {% endfor -%}
    {% for source, (entry_type, amount) in {'valued': ('invoice', 'use_amount'), 'amortised': ('prepaid_amortisation', 'amortised_amount')}.items() -%}
    select
        {{ source }}.{{ header | join(', ' ~ source ~ '.') }}, '{{ entry_type }}' as entry_type, '{{ entry_type }}' as part, shares.layer, shares.cost_center,
        {{ prorated(source ~ '.' ~ amount, 'shares.weight', 'shares.weight_sum') }} as amount
    from {{ source }}
    inner join shares
        on
            {{ source }}.issuer = shares.issuer
            and {{ source }}.billing_account_id = shares.billing_account_id
            and {{ source }}.billing_month = shares.billing_month
            and {{ source }}.booking_month = shares.booking_month
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

accounted as (
    select
        parts.entity,
        parts.booking_month as period_month,
        parts.entry_type,
        'invoice' as source_type,
        concat(parts.issuer, '/', parts.invoice_id, '/', parts.billing_account_id, '/', {{ period_of('parts.billing_month') }}) as source_id,
        parts.posting_date,
        parts.reversed_on,
        parts.layer,
        parts.cost_center,
        part_accounts.debit_account as account,
        journal_accounts.credit_account as counter_account,
        parts.currency,
        cast(coalesce(parts.implied_rate, 1) as decimal(24, 12)) as fx_rate,
        cast(parts.amount as decimal(38, 12)) as amount,
        concat(case when parts.entry_type = 'invoice' then 'Invoice ' else 'Prepayment drawn by invoice ' end, parts.invoice_id, ' of ', parts.issuer) as memo
    from parts
    inner join accounts as part_accounts on parts.layer = part_accounts.layer and parts.part = part_accounts.entry_type
    inner join accounts as journal_accounts
        on
            case when parts.layer = '__none__' then 'model_api' else parts.layer end = journal_accounts.layer
            and parts.entry_type = journal_accounts.entry_type
)

select * from accounted
