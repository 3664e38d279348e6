with judged as (
    select * from {{ ref('int_usage_events_judged') }} where reject_reason is null
),

losers as (
    select * from {{ ref('int_usage_events_repeated') }} where copy_number > 1
),

environments as (
    select * from {{ ref('environments') }}
),

provider_aliases as (
    select * from {{ ref('provider_aliases') }}
),

kept as (
    select
        judged.source_system,
        judged.file_path,
        judged.landed_row,
        {% for column in usage_event_columns() if column not in ('environment', 'provider', 'layer', 'service_tier') -%}
        judged.{{ column }},
        {% endfor -%}
        coalesce(environments.environment, 'unknown') as environment,
        judged.environment as reported_environment,
        coalesce(provider_aliases.provider, judged.provider) as provider,
        coalesce(judged.service_tier, 'standard') as service_tier,
        coalesce(
            judged.layer,
            case when judged.endpoint in ('embedding', 'embeddings', 'rerank') then 'embedding' else 'model_api' end
        ) as layer
    from judged
    left join environments on judged.environment = environments.reported_environment
    left join provider_aliases on judged.provider = provider_aliases.reported_provider
    left join losers
        on
            judged.landed_row = losers.landed_row
            and judged.file_path = losers.file_path
            and judged.source_system = losers.source_system
    where losers.landed_row is null
)

select * from kept
