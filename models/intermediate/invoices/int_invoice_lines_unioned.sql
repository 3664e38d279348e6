{% set models = ['stg_canonical__invoice_lines'] + report_models('invoiced') %}
with unioned as (
    {% for model in models %}
    select
        source_system,
        {{ invoice_line_columns() | join(',\n        ') }},
        file_path,
        landed_row,
        reject_reason,
        reject_reasons
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from unioned
