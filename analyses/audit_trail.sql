-- What stands behind a line of the reconciliation? From the leg with the largest residual down to the invoice lines, the export
-- records, the calls of the month with what each contributes and the price that it was priced by, the price rows, the exchange
-- rates, the tolerance row and the files they came from. The invoice lines sum to the leg's invoiced amount, the calls to its
-- estimate. Replace `place = 1` by another place, or by the key of the leg in question.
{% set quantities = {
    'input_uncached': 'uncached_input_tokens', 'embedding_input': 'uncached_input_tokens', 'cache_read': 'cache_read_tokens',
    'cache_write_5m': 'cache_write_5m_tokens', 'cache_write_1h': 'cache_write_1h_tokens',
    'cache_write_unknown': 'cache_write_unknown_tokens', 'output': 'output_tokens', 'web_search': 'web_searches',
} %}
with components as (
    select
        *,
        abs(price_amount) + abs(unmetered_amount) + abs(overmetered_amount) + abs(unexplained_amount) as residual
    from {{ ref('int_reconciliation_components') }}
    where meter in ('{{ quantities | join("', '") }}') and model <> '__all__' and estimated_quantity is not null
),

ranked as (
    select
        *,
        row_number() over (
            order by residual desc, period_month, issuer, billing_account_id, model, meter, service_tier
        ) as place
    from components
),

chosen as (
    select * from ranked where place = 1
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

invoiced as (
    select
        'invoice line' as evidence,
        concat(lines.invoice_id, '/', lines.invoice_line_id) as reference,
        lines.quantity,
        lines.amount,
        lines.currency,
        concat('issued ', cast(lines.issued_on as varchar), ', ', lines.payable_state) as detail,
        landed.file_path as source_file
    from chosen
    inner join {{ ref('int_invoice_lines_measured') }} as lines
        on
            chosen.issuer = lines.issuer
            and chosen.billing_account_id = lines.billing_account_id
            and chosen.period_month = lines.period_month
            and chosen.currency = lines.currency
            and chosen.model = lines.model
            and chosen.meter = lines.meter
            and (chosen.service_tier = lines.service_tier or chosen.service_tier = '__all__')
    inner join {{ ref('int_invoice_lines_resolved') }} as landed
        on
            lines.issuer = landed.issuer
            and lines.invoice_id = landed.invoice_id
            and lines.invoice_line_id = landed.invoice_line_id
            and landed.record_status = 'kept'
    where lines.line_type = 'usage'
),

exported as (
    select
        'export record' as evidence,
        records.line_id as reference,
        records.quantity * {{ quantity_factor('records.quantity_unit') }} as quantity,
        records.amount,
        records.currency,
        concat('from ', cast(records.period_start as varchar), case when records.api_key_id is null then '' else concat(', key ', records.api_key_id) end) as detail,
        records.file_path as source_file
    from chosen
    inner join {{ ref('int_provider_usage_resolved') }} as records
        on
            chosen.provider = records.provider
            and chosen.billing_account_id = records.billing_account_id
            and chosen.period_month = {{ month_of('records.period_start') }}
            and chosen.meter = records.meter
            and (chosen.service_tier = records.service_tier or chosen.service_tier = '__all__')
            and records.record_status = 'kept'
    left join names on records.provider = names.provider and lower(records.model) = names.reported_model
    where chosen.model = coalesce(names.model, lower(records.model))
),

calls as (
    select
        calls.*,
        chosen.meter as chosen_meter,
        chosen.provider as chosen_provider,
        chosen.model as chosen_model,
        coalesce(calls.endpoint in ('embedding', 'embeddings', 'rerank'), false) as is_embedding
    from chosen
    inner join {{ ref('int_usage_costs') }} as calls
        on
            chosen.provider = calls.provider
            and chosen.billing_account_id = coalesce(calls.billing_account_id, '__none__')
            and chosen.period_month = {{ month_of('calls.occurred_at') }}
            and chosen.currency = calls.cost_currency
            and (chosen.service_tier = calls.service_tier or chosen.service_tier = '__all__')
    where calls.cost_basis <> 'reported'
),

priced as (
    select
        calls.*,
        prices.price_id,
        prices.contract_id as price_contract_id,
        prices.valid_from as price_valid_from,
        case calls.chosen_meter
            {% for meter, quantity in quantities.items() -%}
            when '{{ meter }}' then calls.{{ quantity }}
            {% endfor -%}
        end as meter_quantity,
        case calls.chosen_meter
            {% for meter in quantities -%}
            when '{{ meter }}' then calls.{{ meter | replace('embedding_input', 'input_uncached') }}_micros{{ ' + coalesce(calls.unclassified_micros, 0)' if meter == 'output' }}
            {% endfor -%}
        end as meter_micros
    from calls
    left join {{ ref('int_price_list') }} as prices on calls.price_number = prices.price_number
    left join names on calls.provider = names.provider and lower(coalesce(prices.model, calls.reported_model)) = names.reported_model
    where
        calls.chosen_model = coalesce(names.model, lower(coalesce(prices.model, calls.reported_model)))
        and (calls.chosen_meter = 'embedding_input') = (calls.is_embedding and calls.chosen_meter in ('input_uncached', 'embedding_input'))
),

called as (
    select
        'call' as evidence,
        request_id as reference,
        cast(meter_quantity as decimal(38, 6)) as quantity,
        cast(meter_micros * 0.000001 as decimal(38, 12)) as amount,
        cost_currency as currency,
        concat(cost_basis, ', price ', coalesce(price_id, 'none')) as detail,
        file_path as source_file
    from priced
    where meter_quantity > 0
),

price_rows as (
    select
        'price row' as evidence,
        price_id as reference,
        sum(cast(meter_quantity as decimal(38, 6))) as quantity,
        cast(sum(meter_micros) * 0.000001 as decimal(38, 12)) as amount,
        cost_currency as currency,
        concat('from ', cast(price_valid_from as varchar), case when price_contract_id is null then ', list' else concat(', contract ', price_contract_id) end) as detail,
        case when price_contract_id is null then 'seeds/pricing/list_prices.csv' else 'seeds/pricing/contract_prices.csv' end as source_file
    from priced
    where meter_quantity > 0
    group by price_id, cost_currency, price_valid_from, price_contract_id
),

governed as (
    select
        'tolerance' as evidence,
        tolerances.issuer as reference,
        cast(null as decimal(38, 6)) as quantity,
        cast(tolerances.absolute_tolerance as decimal(38, 12)) as amount,
        chosen.currency,
        concat(tolerances.combine, ' of it and ', cast(tolerances.percent_tolerance as varchar), ' of the invoice') as detail,
        'seeds/policy/reconciliation_tolerances.csv' as source_file
    from chosen
    inner join {{ ref('int_reconciliation_tolerances') }} as tolerances
        on chosen.period_month = tolerances.period_month and chosen.issuer = tolerances.issuer
    union all
    select
        'exchange rate' as evidence,
        concat('spot ', cast(rates.rate_date as varchar)) as reference,
        cast(null as decimal(38, 6)) as quantity,
        cast(rates.rate as decimal(38, 12)) as amount,
        '{{ checked_var('reporting_currency') }}' as currency,
        concat('rate at which the ledger booked the day; the month came to ', cast(chosen.accrual_rate as varchar)) as detail,
        'seeds/pricing/fx_rates.csv' as source_file
    from chosen
    inner join {{ ref('int_spot_rates') }} as rates
        on chosen.currency = rates.currency and chosen.period_month = {{ month_of('rates.rate_date') }}
),

compared as (
    select
        'leg' as evidence,
        concat(issuer, '/', billing_account_id, '/', model, '/', meter, '/', service_tier) as reference,
        invoiced_quantity as quantity,
        variance_amount as amount,
        currency,
        concat('estimated ', cast(estimated_amount as varchar), ', invoiced ', cast(invoiced_amount as varchar)) as detail,
        cast(null as varchar) as source_file
    from chosen
),

trail as (
    select 1 as depth, * from compared
    union all
    select 2 as depth, * from invoiced
    union all
    select 3 as depth, * from exported
    union all
    select 4 as depth, * from governed
    union all
    select 5 as depth, * from price_rows
    union all
    select 6 as depth, * from called
)

select * from trail
order by depth, reference
