{# What the application wrote on an observation or its trace: tags, metadata, and names. #}
with told as (
    select * from {{ ref('stg_langfuse__observations_told') }}
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

labels as (
    {{ tag_labels('tagged') }}
    union all
    select
        told.feed,
        told.file_path,
        told.landed_row,
        concat('metadata:', member.key) as label,
        {{ json_scalar('member.value') }} as label_value
    from told
    cross join {{ json_members(valid_json('told.metadata_text')) }} as member
    {% for field in ['name', 'trace_name', 'user_id', 'told_session_id'] %}
    union all
    select
        feed,
        file_path,
        landed_row,
        'field:{{ field | replace('told_', '') }}' as label,
        {{ field }} as label_value
    from told
    where {{ field }} is not null
    {% endfor %}
),

distanced as (
    select
        *,
        0 as distance
    from labels
)

select * from distanced
