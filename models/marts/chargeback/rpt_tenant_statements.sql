with lines as (
    select
        *,
        substr(cast(period_month as {{ dbt.type_string() }}), 1, 7) as period,
        posted_units * {{ minor_step('minor_unit_exponent') }} as amount_pico
    from {{ ref('int_tenant_statement_lines') }}
),

tenants as (
    select * from {{ ref('tenants') }}
),

named as (
    select
        lines.period_month,
        lines.period,
        concat(lines.period, '/', lines.tenant_id, '/', lines.currency) as statement_id,
        {{ text_key(['lines.period_month', 'lines.tenant_id', 'lines.currency', 'lines.source_type', 'lines.source_id', 'lines.source_date', 'lines.environment', 'lines.application']) }} as line_id,
        lines.tenant_id,
        tenants.name as tenant_name,
        lines.environment,
        lines.layer,
        lines.application,
        case
            when lines.source_type = 'usage' then concat('AI calls of ', coalesce(lines.application, 'no application'), ' to ', lines.vendor, ', ', lines.layer)
            when lines.source_type = 'metered' then concat('Metered services of ', coalesce(lines.application, 'no application'), ', ', lines.layer)
            when lines.source_type = 'review' then concat('Human review for ', coalesce(lines.application, 'no application'))
            when lines.source_type = 'api_key' and lines.posted_units < 0 then 'Billed less than traced, shared key'
            when lines.source_type = 'api_key' then 'Untraced use of a shared key'
            when lines.posted_units < 0 then concat('Credit on pool ', lines.pool)
            else concat('Share of pool ', lines.pool)
        end as description,
        cast(lines.quantity as decimal(38, 12)) as quantity,
        case lines.source_type when 'usage' then 'requests' when 'review' then 'review_minutes' end as quantity_unit,
        lines.rate,
        {{ pico_to_ledger('lines.amount_pico') }} as amount,
        cast(lines.posted_units as bigint) as amount_minor_units,
        lines.currency,
        lines.source_type,
        lines.source_id,
        concat(lines.source_type, ':', lines.source_id) as source,
        {{ pico_to_ledger('lines.ledger_units') }} as ledger_amount_usd
    from lines
    left join tenants on lines.tenant_id = tenants.tenant_id
)

select * from named
