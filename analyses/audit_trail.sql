-- What stands behind a line of the reconciliation? From the leg with the largest unexplained or metering residual down to the
-- invoice lines, the export records, the calls of the month with the price row that each was priced by, the exchange rates,
-- the tolerance row and the files they came from. Replace `chosen` by the leg in question.
with components as (
    select
        *,
        abs(price_amount) + abs(unmetered_amount) + abs(overmetered_amount) + abs(unexplained_amount) as residual
    from {{ ref('int_reconciliation_components') }}
    where meter not in ('reported', '__all__') and estimated_quantity is not null
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
            and chosen.model = lines.model
            and chosen.meter = lines.meter
    inner join {{ ref('int_invoice_lines_resolved') }} as landed
        on
            lines.issuer = landed.issuer
            and lines.invoice_id = landed.invoice_id
            and lines.invoice_line_id = landed.invoice_line_id
            and landed.record_status = 'kept'
),

exported as (
    select
        'export record' as evidence,
        records.line_id as reference,
        records.quantity,
        records.amount,
        records.currency,
        concat('from ', cast(records.period_start as varchar), coalesce(concat(', key ', records.api_key_id), '')) as detail,
        records.file_path as source_file
    from chosen
    inner join {{ ref('int_provider_usage_resolved') }} as records
        on
            chosen.provider = records.provider
            and chosen.billing_account_id = records.billing_account_id
            and chosen.period_month = {{ month_of('records.period_start') }}
            and chosen.meter = records.meter
            and records.record_status = 'kept'
    inner join {{ ref('int_billing_model_names') }} as names
        on records.provider = names.provider and lower(records.model) = names.reported_model and chosen.model = names.model
),

called as (
    select
        'call' as evidence,
        calls.request_id as reference,
        cast(case when chosen.meter = 'output' then calls.output_tokens else calls.input_tokens end as decimal(38, 6)) as quantity,
        cast(calls.cost_micros * 0.000001 as decimal(38, 12)) as amount,
        calls.cost_currency as currency,
        concat(calls.cost_basis, ', price ', coalesce(prices.price_id, 'none')) as detail,
        calls.file_path as source_file
    from chosen
    inner join {{ ref('int_usage_costs') }} as calls
        on
            chosen.provider = calls.provider
            and chosen.billing_account_id = calls.billing_account_id
            and chosen.period_month = {{ month_of('calls.occurred_at') }}
            and chosen.service_tier = calls.service_tier
            and chosen.model = calls.model
    left join {{ ref('int_price_list') }} as prices on calls.price_number = prices.price_number
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
        chosen.currency as reference,
        cast(null as decimal(38, 6)) as quantity,
        cast(chosen.accrual_rate as decimal(38, 12)) as amount,
        '{{ checked_var('reporting_currency') }}' as currency,
        'rate at which the ledger booked the month' as detail,
        'seeds/pricing/fx_rates.csv' as source_file
    from chosen
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
    select 5 as depth, * from called
)

select * from trail
order by depth, reference
