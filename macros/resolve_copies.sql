{# CTEs from judged to resolved: each record is quarantined, a duplicate or kept. Only repeated keys are ranked; the
   content said last wins, then its hash, never the order of reading. Equal content is no conflict. Where one landed
   record gives several lines, `part` tells them apart, and the content of all of them decides for each. #}
{% macro resolve_copies(key, content, known='ingested_at', part=none) -%}
repeated_hashes as (
    select {{ key_hash(key) }} as key_hash
    from judged
    where final_reason is null
    group by 1
    having count(*) > 1
),

suspects as (
    select judged.*, {{ text_key(key) }} as repeated_key, {{ whole_content(text_key(content), part) }} as content_hash
    from judged
    inner join repeated_hashes on {{ key_hash(key) }} = repeated_hashes.key_hash
    where judged.final_reason is null
),

{{ rank_copies(known, part) }},

resolved as (
    select
        judged.*,
        case when judged.final_reason is not null then 'quarantined' when ranked.copy_number > 1 then 'duplicate' else 'kept' end as record_status,
        coalesce(ranked.is_conflict, false) as is_conflict
    from judged
    left join ranked on judged.landed_row = ranked.landed_row and judged.file_path = ranked.file_path{{ ' and judged.' ~ part ~ ' = ranked.' ~ part if part }}
)
{%- endmacro %}

{# What is said again was known when it was said first. #}
{% macro rank_copies(known, part=none) -%}
{% set time = 'ingested_at' if 'ingested_at' in known else 'content_hash' -%}
dated as (
    select
        *,
        max({{ time }}) over (partition by repeated_key, content_hash) as last_said_at
    from suspects
),

ranked as (
    select
        file_path,
        landed_row,
        {{ part ~ ',' if part }}
        row_number() over (
            partition by repeated_key
            order by {{ known | replace(time, 'last_said_at') }} desc nulls last, content_hash, {{ time }} nulls first, file_path, landed_row
        ) as copy_number,
        min(content_hash) over (partition by repeated_key) <> max(content_hash) over (partition by repeated_key) as is_conflict
    from dated
)
{%- endmacro %}

{# Lines of one record stand or fall together. #}
{% macro whole_content(content_hash, part) -%}
    {%- if part -%}
    cast(sum({{ hash_number(content_hash, 1) }}) over (partition by judged.file_path, judged.landed_row) as {{ dbt.type_string() }})
    {%- else -%}
    {{ content_hash }}
    {%- endif -%}
{%- endmacro %}
