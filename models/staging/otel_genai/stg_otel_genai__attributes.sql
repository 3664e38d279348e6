{# What a span says of itself, and its resource of all its spans: a list of keys with values of five kinds. #}
with landed as (
    select * from {{ ref('stg_otel_genai__spans_landed') }} where is_span
),

told as (
    select
        file_path,
        landed_row,
        false as is_resource,
        {{ json_unnest('raw_text', '$.attributes[*]') }} as attribute
    from landed
    union all
    select
        file_path,
        landed_row,
        true as is_resource,
        {{ json_unnest('resource_attributes', '$[*]') }} as attribute
    from landed
),

extracted as (
    select
        file_path,
        landed_row,
        is_resource,
        {{ json_texts('attribute', ['$.key', '$.value.stringValue', '$.value.intValue', '$.value.boolValue', '$.value.doubleValue']) }} as texts
    from told
),

named as (
    select
        file_path,
        landed_row,
        is_resource,
        {{ list_item('texts', 1) }} as attribute,
        coalesce({{ list_item('texts', 2) }}, {{ list_item('texts', 3) }}, {{ list_item('texts', 4) }}, {{ list_item('texts', 5) }}) as attribute_value
    from extracted
)

select * from named where attribute_value is not null
