{# A what-if, never metered: had a cache kept every block of 512 tokens for good, the leading blocks that an earlier request of
   the same file brought would have been read from it. A block's hash names the block and all before it. #}
{% set block_tokens = 512 %}
with landed as (
    select * from {{ ref('stg_mooncake_trace__requests_landed') }}
),

requests as (
    select * from {{ ref('stg_mooncake_trace__requests') }} where reject_reason is null
),

blocks as (
    select
        landed.file_path,
        landed.landed_row,
        cast(member.key as integer) + 1 as block_number,
        {{ json_scalar('member.value') }} as block_hash
    from landed
    cross join {{ json_members(json_value_of('landed.raw_text', '$.hash_ids')) }} as member
),

first_seen as (
    select
        file_path,
        block_hash,
        min(landed_row) as first_row
    from blocks
    group by file_path, block_hash
),

prefixes as (
    select
        blocks.file_path,
        blocks.landed_row,
        count(*) as block_count,
        min(case when first_seen.first_row = blocks.landed_row then blocks.block_number end) as first_new_block
    from blocks
    inner join first_seen on blocks.file_path = first_seen.file_path and blocks.block_hash = first_seen.block_hash
    group by blocks.file_path, blocks.landed_row
),

reads as (
    select
        requests.file_path,
        requests.landed_row,
        requests.request_id,
        requests.input_tokens,
        least(
            coalesce(prefixes.first_new_block - 1, prefixes.block_count, 0) * {{ block_tokens }}, requests.input_tokens
        ) as possible_cache_read_tokens
    from requests
    left join prefixes on requests.landed_row = prefixes.landed_row and requests.file_path = prefixes.file_path
)

select * from reads
