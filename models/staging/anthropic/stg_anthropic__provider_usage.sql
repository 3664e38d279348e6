{# A usage result gives one line per meter, zeros too, so that a revised bucket replaces every line of the older one. A cost
   is one line: it has no quantity and no key, and knows no priority tier, so that such use has a quantity and no amount. #}
with results as (
    select * from {{ ref('stg_anthropic__results') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }} where provider = 'anthropic'
),

{{ accounts_of_files() }},

lines as (
    {% for meter, measure in anthropic_meters().items() %}
    select
        *,
        '{{ meter }}' as meter,
        {{ measure[0] }} as quantity,
        '{{ measure[1] }}' as quantity_unit
    from results
    where not is_cost and reject_reason is null
    union all
    {% endfor %}
    select
        *,
        {{ billed_meter("replace(replace(coalesce(token_type, cost_type, ''), 'cache_creation', 'cache_write'), '_', ' ')") }} as meter,
        cast(null as decimal(20, 6)) as quantity,
        cast(null as {{ dbt.type_string() }}) as quantity_unit
    from results
    where is_cost or reject_reason is not null
),

named as (
    select
        lines.feed as source_system,
        concat(lines.report_key, '/', coalesce(lines.meter, '')) as line_id,
        'anthropic' as provider,
        coalesce(accounts_of_files.billing_account_id, '__none__') as billing_account_id,
        lines.period_start,
        lines.period_end,
        lines.model,
        lines.meter,
        {{ billed_tier('lower(lines.tier_text)') }} as service_tier,
        cast(lines.quantity as decimal(20, 6)) as quantity,
        lines.quantity_unit,
        lines.amount,
        lines.currency,
        lines.workspace_id as project_id,
        lines.api_key_id,
        lines.ingested_at,
        lines.file_path,
        lines.landed_row,
        lines.reject_reason,
        lines.reject_reasons
    from lines
    left join accounts_of_files on lines.file_path = accounts_of_files.file_path
)

select * from named
