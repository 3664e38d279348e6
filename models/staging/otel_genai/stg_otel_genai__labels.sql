{# The mapped attributes of a call: its own, those of the spans around it, those of its resource; the nearest is believed. #}
{% set doublings = 4 %}
with attributes as (
    select * from {{ ref('stg_otel_genai__attributes') }}
),

field_mappings as (
    select distinct source from {{ ref('field_mappings') }} where feed = 'otel_genai' and source is not null
),

spans as (
    select * from {{ ref('stg_otel_genai__spans_told') }} where is_span and copy_number = 1
),

{{ ancestors(doublings, 'spans', ['trace_id'], 'span_id', 'parent_span_id') }},

mapped_attributes as (
    select
        spans.trace_id,
        spans.span_id,
        attributes.is_resource,
        attributes.attribute,
        attributes.attribute_value
    from attributes
    inner join field_mappings on attributes.attribute = field_mappings.source
    inner join spans on attributes.landed_row = spans.landed_row and attributes.file_path = spans.file_path
),

calls as (
    select * from spans where is_call
),

labels as (
    select
        'otel_genai' as feed,
        calls.file_path,
        calls.landed_row,
        own.attribute as label,
        own.attribute_value as label_value,
        case when own.is_resource then 999 else 0 end as distance
    from calls
    inner join mapped_attributes as own on calls.trace_id = own.trace_id and calls.span_id = own.span_id
    union all
    select
        'otel_genai' as feed,
        calls.file_path,
        calls.landed_row,
        above.attribute as label,
        above.attribute_value as label_value,
        reached.distance
    from calls
    inner join reached on calls.trace_id = reached.trace_id and calls.span_id = reached.node_id
    inner join mapped_attributes as above on reached.trace_id = above.trace_id and reached.ancestor_id = above.span_id
    where not above.is_resource
)

select * from labels
