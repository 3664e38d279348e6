{# A vendor's document in the month in which it became known. What it bills for use goes where the ledger of that month
   puts the use; a prepayment is an asset, and its drawdown turns it into cost at what the lot cost. #}
with arrivals as (
    select * from {{ ref('int_invoice_arrivals') }}
),

prepaid_months as (
    select
        billing_account_id,
        currency,
        period_month,
        sum(drawn_amount) as drawn_amount,
        sum(amortised_amount) as amortised_amount
    from {{ ref('int_prepaid_months') }}
    group by billing_account_id, currency, period_month
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
        cast(min(document_known_at) as date) as posting_date,
        cast(min(replaced_at) as date) as reversed_on,
        sum(case when charge_class in ('usage', 'other', 'drawdown') then amount else 0 end) as use_amount,
        sum(case when charge_class = 'drawdown' then -amount else 0 end) as drawdown_amount,
        sum(case when charge_class = 'fee' then amount else 0 end) as fee_amount,
        sum(case when charge_class = 'commitment' then amount else 0 end) as commitment_amount,
        sum(case when charge_class = 'tax' then amount else 0 end) as tax_amount,
        sum(case when charge_class = 'prepayment' then amount else 0 end) as prepayment_amount,
        {{ money_ratio('sum(functional_amount)', 'sum(amount)') }} as implied_rate
    from arrivals
    group by issuer, invoice_id, issued_on, billing_account_id, billing_month, booking_month, currency
),

{# What is drawn at the lots' own cost. #}
valued as (
    select
        documents.*,
        coalesce({{ prorated('prepaid_months.amortised_amount', 'documents.drawdown_amount', 'prepaid_months.drawn_amount') }}, documents.drawdown_amount) as amortised_amount,
        coalesce(billing_accounts.entity, 'default') as entity
    from documents
    left join prepaid_months
        on
            documents.billing_account_id = prepaid_months.billing_account_id
            and documents.currency = prepaid_months.currency
            and documents.billing_month = prepaid_months.period_month
    left join billing_accounts
        on documents.billing_account_id = billing_accounts.billing_account_id and documents.issuer = billing_accounts.issuer
),

parts as (
    {% for part, (entry_type, amount) in {
        'tax': ('invoice', 'tax_amount'), 'fee': ('invoice', 'fee_amount'), 'shortfall': ('invoice', 'commitment_amount'),
        'prepayment': ('invoice', 'prepayment_amount'),
    }.items() -%}
    select valued.*, '{{ entry_type }}' as entry_type, '{{ part }}' as part, '__none__' as layer, '__none__' as cost_center, {{ amount }} as amount
    from valued
    union all
    {% endfor -%}
    {% for entry_type, amount in {'invoice': 'use_amount', 'prepaid_amortisation': 'amortised_amount'}.items() -%}
    select
        valued.*, '{{ entry_type }}' as entry_type, '{{ entry_type }}' as part, shares.layer, shares.cost_center,
        {{ prorated('valued.' ~ amount, 'shares.weight', 'shares.weight_sum') }} as amount
    from valued
    inner join shares
        on
            valued.issuer = shares.issuer
            and valued.billing_account_id = shares.billing_account_id
            and valued.billing_month = shares.billing_month
            and valued.booking_month = shares.booking_month
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
    where parts.amount <> 0
)

select * from accounted
