{% set models = ['stg_canonical__provider_usage'] + report_models('staged') %}
with unioned as (
    {% for model in models %}
    select
        source_system,
        {{ provider_usage_columns() | join(',\n        ') }},
        file_path,
        landed_row,
        reject_reason,
        reject_reasons
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unioned
