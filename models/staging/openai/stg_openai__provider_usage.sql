{# A usage result gives one line per meter of its kind, zeros too, so that a revised bucket replaces every line of the older
   one. A cost is one line. Both name the account by the folder they lie in, where policy knows it. #}
with results as (
    select * from {{ ref('stg_openai__results') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }} where provider = 'openai'
),

{{ accounts_of_files() }},

lines as (
    {% for kind, meters in openai_meters().items() %}{% for meter, measure in meters.items() %}
    select
        *,
        '{{ meter }}' as meter,
        {{ measure[0] }} as quantity,
        '{{ measure[1] }}' as quantity_unit
    from results
    where report_kind = '{{ kind }}' and reject_reason is null
    union all
    {% endfor %}{% endfor %}
    select
        *,
        case
            when cost_quantity_unit = 'characters' then 'input_character'
            when cost_quantity_unit = 'images' then 'image'
            when cost_quantity_unit like 'duration%' then 'audio_second'
            else {{ billed_meter("case when item_model like '%embedding%' then 'embedding' else item_words end") }}
        end as meter,
        cost_quantity as quantity,
        cost_quantity_unit as quantity_unit
    from results
    where report_kind = 'costs' or reject_reason is not null
),

named as (
    select
        lines.feed as source_system,
        concat(lines.report_key, '/', coalesce(lines.meter, '')) as line_id,
        'openai' as provider,
        coalesce(accounts_of_files.billing_account_id, '__none__') as billing_account_id,
        lines.period_start,
        lines.period_end,
        coalesce(lines.model, lines.item_model) as model,
        lines.meter,
        case
            when lines.batch_text = 'true' or lines.item_words like '%batch%' then 'batch'
            else {{ billed_tier('coalesce(lines.line_item_tier, lower(lines.tier_text))') }}
        end as service_tier,
        cast(lines.quantity as decimal(20, 6)) as quantity,
        lines.quantity_unit,
        lines.amount,
        lines.currency,
        lines.project_id,
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
