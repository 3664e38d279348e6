{# CTEs from judged to resolved: each record is quarantined, a duplicate or kept. Only repeated keys are ranked; the
   latest to become known wins, then the content's hash, never the order of reading. Equal content is no conflict.
   Where one landed record gives several lines, `part` tells them apart. #}
{% macro resolve_copies(key, content, known='ingested_at', part=none) -%}
repeated_hashes as (
    select {{ key_hash(key) }} as key_hash
    from judged
    where final_reason is null
    group by 1
    having count(*) > 1
),

suspects as (
    select judged.*, {{ text_key(key) }} as repeated_key, {{ text_key(content) }} as content_hash
    from judged
    inner join repeated_hashes on {{ key_hash(key) }} = repeated_hashes.key_hash
    where judged.final_reason is null
),

ranked as (
    select
        file_path,
        landed_row,
        {{ part ~ ',' if part }}
        row_number() over (
            partition by repeated_key order by {{ known }} desc nulls last, content_hash, file_path, landed_row
        ) as copy_number,
        min(content_hash) over (partition by repeated_key) <> max(content_hash) over (partition by repeated_key) as is_conflict
    from suspects
),

resolved as (
    select
        judged.*,
        case when judged.final_reason is not null then 'quarantined' when ranked.copy_number > 1 then 'duplicate' else 'kept' end as record_status,
        coalesce(ranked.is_conflict, false) as is_conflict
    from judged
    left join ranked on judged.landed_row = ranked.landed_row and judged.file_path = ranked.file_path{{ ' and judged.' ~ part ~ ' = ranked.' ~ part if part }}
)
{%- endmacro %}
