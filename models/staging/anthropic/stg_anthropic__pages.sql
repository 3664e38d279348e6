{{ config(materialized='table') }}

with documents as (
    {{ json_pages('anthropic_usage') }}
    union all
    {{ json_pages('anthropic_costs') }}
),

{# A page knows only that more follows, not which page that is: its buckets tell where the next one starts. #}
opened as (
    select
        feed,
        file_path,
        page_number,
        {{ json_texts('raw_text', ['$.has_more', '$.ingested_at', '$.data[0].starting_at', '$.data[#-1].ending_at']) }} as texts,
        cast(null as {{ dbt.type_string() }}) as report_kind,
        {{ json_is_list('raw_text', '$.data') }} as is_page,
        nullif(cast(raw_text as {{ dbt.type_string() }}), 'null') as raw_text
    from documents
),

pages as (
    select
        feed,
        file_path,
        page_number,
        report_kind,
        is_page,
        coalesce({{ list_item('texts', 1) }} = 'true', false) as has_more,
        {{ list_item('texts', 2) }} as ingested_text,
        {{ list_item('texts', 3) }} as first_start_text,
        {{ list_item('texts', 4) }} as last_end_text,
        raw_text
    from opened
)

select * from pages
