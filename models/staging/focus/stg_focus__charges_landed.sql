{{ config(materialized='table') }}
{# No row of the standard has an id: a row is what it says, and its occurrence among equal rows of its file. #}
{% set read = focus_read_columns() %}
{% set names = read.values() | list + focus_other_columns() %}
with rows_read as (
    {{ csv_rows('focus_charges', names, ['BilledCost', 'EffectiveCost', 'ChargeCategory', 'ChargePeriodStart']) }}
),

{% set columns = {} %}{% for name in names %}{% do columns.update({name: name}) %}{% endfor %}
typed_rows as (
    {{ parquet_texts('focus_charges', columns) }}
),

united as (
    select {{ names | join(', ') }}, has_wrong_column_count, raw_text, file_path, landed_row
    from rows_read
    union all
    select {{ names | join(', ') }}, false as has_wrong_column_count, null as raw_text, file_path, landed_row
    from typed_rows
),

cleaned as (
    select
        {% for name, column in read.items() -%}
        {{ focus_text(column) }} as {{ name }},
        {% endfor -%}
        {% for column in focus_other_columns() -%}
        {{ focus_text(column) }} as other_{{ loop.index }},
        {% endfor -%}
        has_wrong_column_count,
        raw_text,
        file_path,
        landed_row
    from united
),

keyed as (
    select
        *,
        {% set others = [] %}{% for column in focus_other_columns() %}{% do others.append('other_' ~ loop.index) %}{% endfor -%}
        {{ text_key(read | list + others) }} as row_key
    from cleaned
),

numbered as (
    select
        'focus_charges' as feed,
        {{ read | join(',\n        ') }},
        has_wrong_column_count,
        raw_text,
        concat(row_key, '/', cast(row_number() over (partition by file_path, row_key order by landed_row) as {{ dbt.type_string() }})) as charge_key,
        file_path,
        landed_row
    from keyed
)

select * from numbered
