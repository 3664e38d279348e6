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
        ranked.replaced_at,
        coalesce(ranked.is_conflict, false) as is_conflict
    from judged
    left join ranked on judged.landed_row = ranked.landed_row and judged.file_path = ranked.file_path{{ ' and judged.' ~ part ~ ' = ranked.' ~ part if part }}
)
{%- endmacro %}

{# Copies in the order in which they were said; equal ones in a row are one version, known when it was said first. The last
   version counts. An earlier one counted until the next was known (`replaced_at`), which matters where a close lies between. #}
{% macro rank_copies(known, part=none) -%}
{% set time = 'ingested_at' if 'ingested_at' in known else 'content_hash' -%}
{% set first = 'content_hash' if time == 'content_hash' else (known ~ ' desc nulls last') | replace('desc nulls last', 'asc nulls first') ~ ', content_hash desc' -%}
{% set order = first ~ ', file_path, landed_row' -%}
told as (
    select
        *,
        row_number() over (partition by repeated_key order by {{ order }}) as turn,
        case when lag(content_hash) over (partition by repeated_key order by {{ order }}) = content_hash then 0 else 1 end as is_new
    from suspects
),

versioned as (
    select
        *,
        sum(is_new) over (partition by repeated_key order by turn rows between unbounded preceding and current row) as version_number
    from told
),

ranked as (
    select
        file_path,
        landed_row,
        {{ part ~ ',' if part }}
        row_number() over (partition by repeated_key order by version_number desc, turn) as copy_number,
        {{ 'case when is_new = 1 then lead(ingested_at) over (partition by repeated_key, is_new order by turn) end' if time == 'ingested_at' else 'cast(null as timestamp)' }} as replaced_at,
        min(content_hash) over (partition by repeated_key) <> max(content_hash) over (partition by repeated_key) as is_conflict
    from versioned
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
