{# The accounts of every layer and kind of entry: the layer's own row, else the one for all layers, else suspense. #}
{% set entry_types = [
    'accrual', 'invoice', 'chargeback', 'adjustment', 'tax', 'payment', 'prepayment', 'prepaid_amortisation', 'shortfall', 'credit', 'fee', 'fx',
] %}
with gl_accounts as (
    select * from {{ ref('gl_accounts') }}
),

wanted as (
    select
        layers.layer,
        entry_types.entry_type
    from (values ('{{ (cost_layers() + ['__none__']) | join("'), ('") }}')) as layers(layer)
    cross join (values ('{{ entry_types | join("'), ('") }}')) as entry_types(entry_type)
),

found as (
    select
        wanted.layer,
        wanted.entry_type,
        coalesce(own.debit_account, general.debit_account, 'suspense') as debit_account,
        coalesce(own.credit_account, general.credit_account, 'suspense') as credit_account
    from wanted
    left join gl_accounts as own on wanted.entry_type = own.entry_type and wanted.layer = own.layer
    left join gl_accounts as general on wanted.entry_type = general.entry_type and general.layer is null
)

select * from found
