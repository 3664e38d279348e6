with unioned as (
    select * from {{ ref('int_usage_events_unioned') }}
),

rejected as (
    select * from {{ ref('int_usage_events_rejected') }}
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

set_aside as (
    select source_system, file_path, landed_row from rejected
    union all
    select source_system, file_path, landed_row from losers
),

kept as (
    select
        unioned.source_system,
        unioned.file_path,
        unioned.landed_row,
        {% for column in usage_event_columns() if column not in ('environment', 'provider', 'layer', 'service_tier') -%}
        unioned.{{ column }},
        {% endfor -%}
        coalesce(environments.environment, 'unknown') as environment,
        unioned.environment as reported_environment,
        coalesce(provider_aliases.provider, unioned.provider) as provider,
        coalesce(unioned.service_tier, 'standard') as service_tier,
        coalesce(
            unioned.layer,
            case when unioned.endpoint in ('embedding', 'embeddings', 'rerank') then 'embedding' else 'model_api' end
        ) as layer
    from unioned
    left join environments on unioned.environment = environments.reported_environment
    left join provider_aliases on lower(unioned.provider) = provider_aliases.reported_provider
    left join set_aside
        on
            unioned.landed_row = set_aside.landed_row
            and unioned.file_path = set_aside.file_path
            and unioned.source_system = set_aside.source_system
    where set_aside.landed_row is null
)

select * from kept
