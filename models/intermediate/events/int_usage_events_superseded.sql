{# Versions of calls that another one replaced. Only the ledger's postings need them: what was posted with an old version in a
   closed month stays, and is taken out where the new one became known. #}
with replaced as (
    select * from {{ ref('int_usage_events_repeated') }} where replaced_at is not null
),

environments as (
    select * from {{ ref('environments') }}
),

provider_aliases as (
    select * from {{ ref('provider_aliases') }}
),

named as (
    select
        replaced.source_system,
        replaced.file_path,
        replaced.landed_row,
        {% for column in usage_event_columns() if column not in ('environment', 'provider', 'layer', 'service_tier') -%}
        replaced.{{ column }},
        {% endfor -%}
        coalesce(environments.environment, 'unknown') as environment,
        replaced.environment as reported_environment,
        coalesce(provider_aliases.provider, replaced.provider) as provider,
        coalesce(replaced.service_tier, 'standard') as service_tier,
        coalesce(
            replaced.layer,
            case when replaced.endpoint in ('embedding', 'embeddings', 'rerank') then 'embedding' else 'model_api' end
        ) as layer,
        replaced.replaced_at
    from replaced
    left join environments on replaced.environment = environments.reported_environment
    left join provider_aliases on lower(replaced.provider) = provider_aliases.reported_provider
)

select * from named
