{{ config(materialized='table') }}
{# A line holds resources, their scopes, and the scopes' spans: the record is the span. A line without any is a record too. #}
with lines as (
    {{ json_records('otel_genai') }}
),

resources as (
    select
        file_path,
        {{ json_unnest('raw_text', '$.resourceSpans[*]') }} as resource_spans
    from lines
    where raw_text is not null
),

scopes as (
    select
        file_path,
        {{ list_item(json_values('resource_spans', ['$.resource.attributes']), 1) }} as resource_attributes,
        {{ json_unnest('resource_spans', '$.scopeSpans[*]') }} as scope_spans
    from resources
),

spans as (
    select
        file_path,
        resource_attributes,
        {{ list_item(json_texts('scope_spans', ['$.scope.name']), 1) }} as scope_name,
        {{ json_unnest('scope_spans', '$.spans[*]') }} as span
    from scopes
),

records as (
    select
        file_path,
        cast(resource_attributes as {{ dbt.type_string() }}) as resource_attributes,
        scope_name,
        cast(span as {{ dbt.type_string() }}) as raw_text,
        true as is_span
    from spans
    union all
    select
        file_path,
        cast(null as {{ dbt.type_string() }}) as resource_attributes,
        cast(null as {{ dbt.type_string() }}) as scope_name,
        raw_text,
        false as is_span
    from lines
    where not {{ json_reaches('raw_text', '$.resourceSpans[*].scopeSpans[*].spans[*]') }}
),

landed as (
    select
        'otel_genai' as feed,
        file_path,
        row_number() over () as landed_row,
        scope_name,
        resource_attributes,
        is_span,
        raw_text
    from records
)

select * from landed
