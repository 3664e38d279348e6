{# Custom properties of a request. #}
with told as (
    select * from {{ ref('stg_helicone__requests_told') }}
),

labels as (
    select
        told.feed,
        told.file_path,
        told.landed_row,
        concat('property:', member.key) as label,
        {{ json_scalar('member.value') }} as label_value,
        0 as distance
    from told
    cross join {{ json_members(valid_json('told.labels_json')) }} as member
)

select * from labels
