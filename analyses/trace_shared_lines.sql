-- What stands behind the shared lines of a statement? Of a pool or shared key its cost and file, and each unit or center that it
-- was split over: their `ledger_amount_usd` sums to the line's. Of a true-up the exact part that the cost center bears, and
-- the invoice lines that it comes from. Replace `chosen` by the statement in question.
with chosen as (
    select * from {{ ref('rpt_chargeback_statements') }} where statement_id = '2026-10/cx-operations/USD'
),

lines as (
    select
        chosen.line_id as chosen_line_id,
        described.*
    from chosen
    inner join {{ ref('int_statement_lines_described') }} as described
        on coalesce(chosen.adjusts_line_id, chosen.line_id) = described.line_id
),

units as (
    select
        allocated.source_number,
        allocated.target_id,
        allocated.driver_quantity,
        allocated.allocated_units,
        drivers.cost_center
    from {{ ref('int_allocated_costs') }} as allocated
    inner join {{ ref('int_allocation_sources') }} as sources on allocated.source_number = sources.source_number
    inner join {{ ref('int_allocation_unit_drivers') }} as drivers
        on
            allocated.target_id = drivers.target_id
            and sources.environment = drivers.environment
            and sources.driver_month = drivers.period_month
    where allocated.target_type = 'unit'
),

shares as (
    select source_number, 'unit' as target_type, target_id, cost_center, driver_quantity, allocated_units from units
    union all
    select source_number, target_type, target_id, cost_center, driver_quantity, allocated_units
    from {{ ref('int_allocated_costs_borne') }}
    where target_type <> 'unit'
),

landed as (
    select * from {{ ref('int_shared_costs_resolved') }} where record_status = 'kept'
),

{# A pool that was split over units is traced to each of them, else to the bearer of the line. #}
shared as (
    select
        lines.chosen_line_id,
        case sources.source_type when 'api_key' then 'shared key' else 'pool share' end as evidence,
        concat(sources.source_id, coalesce(concat(' for ', shares.target_id), '')) as reference,
        cast(shares.driver_quantity as decimal(38, 6)) as quantity,
        {{ pico_to_ledger('shares.allocated_units') }} as ledger_amount_usd,
        concat('of ', cast({{ pico_to_ledger('sources.amount_pico') }} as varchar), ' ', sources.currency, coalesce(concat(', ', lines.rule_id), '')) as detail,
        landed.file_path as source_file
    from shares
    inner join {{ ref('int_allocation_sources') }} as sources on shares.source_number = sources.source_number
    inner join lines
        on
            lines.source_type = sources.source_type
            and lines.source_id = sources.source_id
            and lines.period_month = sources.period_month
            and lines.environment = sources.environment
            and lines.cost_center = shares.cost_center
            and lines.target_type = shares.target_type
            and coalesce(lines.target_id, shares.target_id) = shares.target_id
    left join landed
        on
            sources.source_type = 'shared_cost'
            and (sources.source_id = landed.shared_cost_id or sources.source_id like concat(landed.shared_cost_id, ' #%'))
            and sources.source_date = landed.period_start
),

parts as (
    select
        lines.chosen_line_id,
        'true-up part' as evidence,
        lines.source_id as reference,
        cast(null as decimal(38, 6)) as quantity,
        cast(0 as decimal(38, 12)) as ledger_amount_usd,
        concat('bears ', cast({{ pico_to_ledger('parts.amount_pico') }} as varchar), ' ', lines.currency, ' exactly') as detail,
        cast(null as varchar) as source_file
    from lines
    inner join {{ ref('int_statement_true_up_parts') }} as parts
        on
            lines.source_type = 'true_up'
            and lines.period_month = parts.period_month
            and lines.source_id = concat_ws('/', parts.issuer, parts.billing_account_id, parts.currency, parts.component, case when parts.amount_pico < 0 then 'credit' else 'charge' end)
            and lines.cost_center = parts.cost_center
),

billed as (
    select
        lines.chosen_line_id,
        'invoice line' as evidence,
        concat(invoiced.invoice_id, '/', invoiced.invoice_line_id) as reference,
        cast(invoiced.quantity as decimal(38, 6)) as quantity,
        cast(0 as decimal(38, 12)) as ledger_amount_usd,
        concat(invoiced.line_type, ', bills ', cast(invoiced.amount as varchar), ' ', invoiced.currency) as detail,
        landed_lines.file_path as source_file
    from lines
    inner join {{ ref('int_invoice_lines_measured') }} as invoiced
        on
            lines.source_type = 'true_up'
            and lines.period_month = invoiced.period_month
            and lines.issuer = invoiced.issuer
            and lines.billing_account_id = invoiced.billing_account_id
            and lines.currency = invoiced.currency
            and invoiced.payable_state = 'payable'
            and (
                lines.source_id like concat('%/', invoiced.line_type, '/%')
                or lines.source_id like concat('%/unmetered_', invoiced.line_type, '/%')
                or (lines.source_id like '%/drawdown/%' and invoiced.line_type = 'credit')
                or lines.source_id like '%/closing'
            )
    inner join {{ ref('int_invoice_lines_resolved') }} as landed_lines
        on
            invoiced.issuer = landed_lines.issuer
            and invoiced.invoice_id = landed_lines.invoice_id
            and invoiced.invoice_line_id = landed_lines.invoice_line_id
            and landed_lines.record_status = 'kept'
),

traced as (
    select * from shared
    union all
    select * from parts
    union all
    select * from billed
),

listed as (
    select
        lines.description,
        lines.amount,
        lines.currency,
        lines.ledger_amount_usd as line_ledger_amount_usd,
        traced.*
    from lines
    inner join traced on lines.chosen_line_id = traced.chosen_line_id
)

select * from listed
order by description, chosen_line_id, evidence, reference
