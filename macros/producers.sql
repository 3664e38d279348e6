{# Producers' own formats that become usage events: what their feed holds, where it lands and which model judges it. #}
{% macro usage_producers() %}
    {{ return({
        'litellm_spend_logs': {'format': 'documents', 'landed': 'stg_litellm__calls_landed', 'staged': 'stg_litellm__calls'},
        'litellm_standard_logging': {'format': 'documents', 'landed': 'stg_litellm__calls_landed', 'staged': 'stg_litellm__calls'},
        'otel_genai': {'format': 'documents', 'landed': 'stg_otel_genai__spans_landed', 'staged': 'stg_otel_genai__spans'},
        'langfuse_observations': {'format': 'documents', 'landed': 'stg_langfuse__observations_landed', 'staged': 'stg_langfuse__observations'},
        'helicone_requests': {'format': 'documents', 'landed': 'stg_helicone__requests_landed', 'staged': 'stg_helicone__requests'},
        'claude_code_jsonl': {'format': 'documents', 'landed': 'stg_claude_code__messages_landed', 'staged': 'stg_claude_code__messages'},
        'codex_jsonl': {'format': 'documents', 'landed': 'stg_codex__token_counts_landed', 'staged': 'stg_codex__token_counts'},
        'azure_llm_trace': {'format': 'csv_lines', 'landed': 'stg_azure_llm_trace__requests_landed', 'staged': 'stg_azure_llm_trace__requests'},
        'mooncake_trace': {'format': 'lines', 'landed': 'stg_mooncake_trace__requests_landed', 'staged': 'stg_mooncake_trace__requests'},
    }) }}
{% endmacro %}

{# The models that judge (or land) producers' records, each once: one model may serve several feeds. #}
{% macro usage_producer_models(role='staged') %}
    {% set models = [] %}
    {% for producer in usage_producers().values() if producer[role] not in models %}{% do models.append(producer[role]) %}{% endfor %}
    {{ return(models) }}
{% endmacro %}

{# The feed that a staged call came by: producers' calls name theirs as their source system. #}
{% macro usage_feed(source_system) -%}
    case when {{ source_system }} in ('{{ usage_producers() | join("', '") }}') then {{ source_system }} else 'ai_usage_events' end
{%- endmacro %}

{# Whole files as text; a file that is no UTF-8 has no text, and its only record is then malformed. #}
{% macro file_texts(files) -%}
    select filename as file_path, {{ utf8_text('content') }} as content from read_blob({{ sql_list(files) }})
{%- endmacro %}

{# Records of a JSON feed as text: lines, and whole documents (.json) that are one object, an array or a page of `data`. #}
{% macro json_records(feed) %}
    {{ json_lines(feed) }}
    {% set files = feed_files(feed, ['.json']) %}
    {% if files %}
    union all
    select
        file_path,
        row_number() over () as landed_row,
        record as raw_text
    from (
        select
            file_path,
            unnest(case
                when content is null then [null]
                when not json_valid(content)
                    then list_transform({{ text_list('content') }}, lambda line: case when json_valid(line) then line end)
                when json_type(content) = 'ARRAY' then cast(json_extract(content, '$[*]') as varchar[])
                when json_type(content, '$.data') = 'ARRAY' then cast(json_extract(content, '$.data[*]') as varchar[])
                else [content]
            end) as record
        from ({{ file_texts(files) }})
    )
    {% endif %}
{% endmacro %}

{# The lines of a text that are not blank. #}
{% macro text_list(content) -%}
    list_filter(string_split({{ content }}, chr(10)), lambda line: {{ bare_line('line') }} <> '')
{%- endmacro %}
{% macro bare_line(line) -%} trim({{ line }}, concat(' ', chr(9), chr(13), chr(65279))) {%- endmacro %}

{# Lines with their number in the file, for formats whose records have no other name. #}
{% macro text_lines(feed) %}
    {% set files = feed_files(feed) %}
    {% if files %}
    select
        file_path,
        landed_row,
        {{ bare_line('line') }} as raw_text
    from (
        select
            file_path,
            generate_subscripts(lines, 1) as landed_row,
            unnest(lines) as line
        from (select file_path, coalesce(string_split(content, chr(10)), [null]) as lines from ({{ file_texts(files) }}))
    )
    where line is null or {{ bare_line('line') }} <> ''
    {% else %}
    {{ json_lines(feed) }}
    {% endif %}
{% endmacro %}

{# A file's name inside its feed: a name that does not change with the place of the input folder. #}
{% macro path_in_feed(feed, file_path='file_path') -%}
    ltrim(replace({{ file_path }}, '{{ feed_dir(feed) | replace("'", "''") }}', ''), '/')
{%- endmacro %}
