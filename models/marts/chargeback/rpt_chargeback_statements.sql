with lines as (
    select
        *,
        posted_units * {{ minor_step('minor_unit_exponent') }} as amount_pico,
        case when quantity <> 0 then {{ pico('quantity') }} end as quantity_pico
    from {{ ref('int_statement_lines') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

named as (
    select
        lines.period_month,
        substr(cast(lines.period_month as {{ dbt.type_string() }}), 1, 7) as period,
        concat(substr(cast(lines.period_month as {{ dbt.type_string() }}), 1, 7), '/', lines.cost_center, '/', lines.currency) as statement_id,
        {{ text_key(['lines.period_month', 'lines.cost_center', 'lines.currency', 'lines.source_type', 'lines.source_id', 'lines.source_date', 'lines.target_type', 'lines.target_id', 'lines.application', 'lines.confidence']) }} as line_id,
        lines.cost_center,
        cost_centers.name as cost_center_name,
        lines.environment,
        lines.layer,
        case when lines.source_type <> 'true_up' then lines.pool end as pool,
        lines.application,
        case
            when lines.source_type = 'usage' then concat('AI calls of ', coalesce(lines.application, 'no application'), ' to ', lines.vendor, ', ', lines.layer)
            when lines.source_type = 'metered' then concat('Metered services of ', coalesce(lines.application, 'no application'), ', ', lines.layer)
            when lines.source_type = 'review' then concat('Human review for ', coalesce(lines.application, 'no application'))
            when lines.target_type = '__idle__' then concat('Idle capacity of ', lines.pool)
            when lines.source_type = 'true_up' then concat(
                case lines.pool
                    when 'usage' then 'Usage as invoiced less as metered'
                    when 'charges' then 'Fees, credits and commitments'
                    when 'tax' then 'Tax'
                    when 'prepayment' then 'Prepayment, not yet used'
                    when 'closing' then 'Rounding, and shared keys as charged above'
                    else 'Invoiced and never metered'
                end, ', ', lines.vendor, ', ', lines.billing_account_id
            )
            when lines.target_type = '__unallocated__' and lines.source_type = 'api_key' then concat('Untraced part of ', lines.pool)
            when lines.target_type = '__unallocated__' then concat('Unallocated part of ', lines.pool)
            else concat('Share of ', lines.pool, ' by ', lines.rule_id)
        end as description,
        lines.quantity,
        lines.quantity_unit,
        {{ pico_to_ledger('lines.amount_pico') }} as amount,
        case when lines.quantity_pico is not null then {{ ratio_of_pico('lines.amount_pico', 'lines.quantity_pico') }} end as rate,
        cast(lines.posted_units as bigint) as amount_minor_units,
        lines.currency,
        lines.rule_id,
        lines.method,
        lines.confidence,
        lines.target_type,
        lines.target_id,
        lines.source_type,
        lines.source_id,
        lines.vendor,
        lines.issuer,
        lines.billing_account_id,
        lines.invoice_id,
        {{ pico_to_ledger('lines.ledger_units') }} as ledger_amount_usd
    from lines
    left join cost_centers on lines.cost_center = cost_centers.cost_center
),

rated as (
    select
        period_month,
        period,
        statement_id,
        line_id,
        cost_center,
        cost_center_name,
        environment,
        layer,
        pool,
        application,
        description,
        cast(quantity as decimal(38, 12)) as quantity,
        quantity_unit,
        rate,
        amount,
        amount_minor_units,
        currency,
        rule_id,
        method,
        confidence,
        target_type,
        target_id,
        source_type,
        source_id,
        concat(source_type, ':', source_id) as source,
        vendor,
        issuer,
        billing_account_id,
        invoice_id,
        ledger_amount_usd
    from named
)

select * from rated
