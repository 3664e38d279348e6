{# What a caller can write on a call, and the key's own names: each may be mapped to a canonical field. #}
with told as (
    select * from {{ ref('stg_litellm__calls_told') }}
),

tagged as (
    select
        told.feed,
        told.file_path,
        told.landed_row,
        {{ json_scalar('member.value') }} as tag
    from told
    cross join {{ json_members(valid_json('told.tags_text')) }} as member
),

tags as (
    {{ tag_labels('tagged') }}
),

metadata as (
    select
        told.feed,
        told.file_path,
        told.landed_row,
        concat('metadata:', member.key) as label,
        {{ json_scalar('member.value') }} as label_value
    from told
    cross join {{ json_members('told.labels_json') }} as member
),

fields as (
    {% for field in ['organization_id', 'key_alias', 'user_name'] %}
    select
        feed,
        file_path,
        landed_row,
        'field:{{ field }}' as label,
        {{ field }} as label_value
    from told
    where {{ field }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

labels as (
    select * from tags
    union all
    select * from metadata
    union all
    select * from fields
),

distanced as (
    select
        *,
        0 as distance
    from labels
)

select * from distanced
