{% macro canonical_feeds() %}
    {{ return({
        'ai_usage_events': 'json', 'unit_events': 'json', 'human_reviews': 'json', 'metered_costs': 'json',
        'provider_usage': 'json', 'shared_costs': 'csv', 'invoice_lines': 'csv', 'tenant_revenue': 'csv',
    }) }}
{% endmacro %}

{# Every feed that a folder of its own can hold: the canonical ones and those in a producer's own format. #}
{% macro feed_formats() %}
    {% set formats = canonical_feeds() %}
    {% for feed, producer in usage_producers().items() %}{% do formats.update({feed: producer.format}) %}{% endfor %}
    {% for feed, report in report_feeds().items() %}{% do formats.update({feed: report.format}) %}{% endfor %}
    {{ return(formats) }}
{% endmacro %}

{% macro feed_dir(feed) %}
    {{ return(checked_paths().get(feed, checked_var('input_dir') ~ '/' ~ feed)) }}
{% endmacro %}

{# The files of a feed, in a fixed order; none where the folder is absent. Known only while models run. #}
{% macro feed_files(feed, endings=none) %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {% set endings = endings or {
        'json': ['.jsonl', '.jsonl.gz', '.jsonl.zst', '.parquet'], 'csv': ['.csv', '.csv.gz'],
        'documents': ['.jsonl', '.jsonl.gz', '.jsonl.zst', '.json'], 'lines': ['.jsonl'], 'csv_lines': ['.csv'],
        'pages': ['.jsonl', '.jsonl.gz', '.jsonl.zst', '.json'], 'rows': ['.csv', '.csv.gz', '.parquet'],
    }[feed_formats().get(feed, 'json')] %}
    {% set pattern = feed_dir(feed) | replace("'", "''") ~ '/**' %}
    {% set found = run_query("select distinct file from glob('" ~ pattern ~ "') order by file").columns[0].values() %}
    {% set kept = [] %}
    {% for file in found %}
        {% for ending in endings if file.endswith(ending) %}{% do kept.append(file) %}{% endfor %}
    {% endfor %}
    {{ return(kept) }}
{% endmacro %}

{% macro sql_list(values) -%}
    [{% for value in values %}'{{ value | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}

{# Lines as text: the one reader that a bad line neither stops nor shifts. raw_text is null where none of it can be read. #}
{% macro json_lines(feed) %}
    {% set files = feed_files(feed, ['.jsonl', '.jsonl.gz', '.jsonl.zst']) %}
    {% if files %}
    select
        filename as file_path,
        row_number() over () as landed_row,
        cast(json as varchar) as raw_text
    from read_ndjson_objects({{ sql_list(files) }}, ignore_errors = true, filename = true, maximum_object_size = 33554432)
    {% else %}
    select
        cast(null as varchar) as file_path,
        cast(null as bigint) as landed_row,
        cast(null as varchar) as raw_text
    where false
    {% endif %}
{% endmacro %}

{# The reader of a CSV feed's files, and the column names that their headers have. #}
{% macro csv_reader(files) -%}
    read_csv({{ sql_list(files) }}, all_varchar = true, union_by_name = true, null_padding = true, delim = ',', quote = '"', escape = '"', header = true, filename = true, nullstr = '\N')
{%- endmacro %}
{% macro csv_fields(feed) %}
    {% set files = feed_files(feed, ['.csv', '.csv.gz']) %}
    {{ return(run_query('describe select * from ' ~ csv_reader(files)).columns[0].values() | list if files else []) }}
{% endmacro %}

{# Named text columns of a CSV feed, by header name. A null marks a field that the row does not have at all. #}
{% macro csv_rows(feed, columns, required) %}
    {% set files = feed_files(feed, ['.csv', '.csv.gz']) %}
    {% set reader = csv_reader(files) %}
    {% set present = csv_fields(feed) %}
    {% set named = present | map('lower') | list %}
    {% for column in required if files and column | lower not in named %}
        {% do exceptions.raise_compiler_error("header_mismatch " ~ feed ~ ": no file in " ~ feed_dir(feed) ~ " has the column '"
            ~ column ~ "'; name it in the header line, which must be comma-separated.") %}
    {% endfor %}
    {% do check_repeated_columns(feed, columns, present) %}
    {% set surplus = [] %}
    {% for name in present if modules.re.fullmatch('column[0-9]+', name) %}{% do surplus.append(name) %}{% endfor %}
    select
        {% for column in columns -%}
        {{ column if column | lower in named else "''" }} as {{ column }},
        {% endfor -%}
        {{ "concat_ws(',', " ~ quoted_names(present | reject('equalto', 'filename')) ~ ')' if files else 'cast(null as varchar)' }} as raw_text,
        {{ 'filename' if files else 'cast(null as varchar)' }} as file_path,
        row_number() over () as landed_row,
        {{ wrong_column_count(present, surplus) if files else 'false' }} as has_wrong_column_count
    {{ 'from ' ~ reader if files else 'where false' }}
{% endmacro %}

{# The reader of CSV numbers a name that comes twice; which of the two is meant nobody can tell. #}
{% macro check_repeated_columns(feed, columns, present) %}
    {% for name in columns if name ~ '_1' in present %}
        {% do exceptions.raise_compiler_error("ambiguous_header " ~ feed ~ ": a file in " ~ feed_dir(feed) ~ " names the column '"
            ~ name ~ "' twice; keep one of them in its header line.") %}
    {% endfor %}
{% endmacro %}

{% macro json_paths(fields) %}
    {% set paths = [] %}
    {% for path in fields.values() %}{% do paths.append('$.' ~ path) %}{% endfor %}
    {{ return(paths) }}
{% endmacro %}

{# Rows of a feed's Parquet files as named text, so that the same rules judge them; absent columns are null. #}
{% macro parquet_texts(feed, fields) %}
    {% set files = feed_files(feed, ['.parquet']) %}
    {% set reader = 'read_parquet(' ~ sql_list(files) ~ ', union_by_name = true, filename = true, file_row_number = true)' %}
    {% set present = run_query('describe select * from ' ~ reader).columns[0].values() | list if files else [] %}
    select
        {% for name, field in fields.items() -%}
        {{ utc_text(field) if field in present and not name.endswith('_json') else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as {{ name }},
        {% endfor -%}
        true as is_object,
        false as is_malformed,
        {{ 'filename' if files else 'cast(null as varchar)' }} as file_path,
        {{ 'file_row_number' if files else 'cast(null as bigint)' }} as landed_row
    {{ 'from ' ~ reader if files else 'where false' }}
{% endmacro %}

{# A Parquet timestamp is UTC by contract and prints without a zone, nested types print as JSON, others as they are. #}
{% macro utc_text(column) -%}
    case
        when typeof({{ column }}) = 'TIMESTAMP' then cast({{ column }} as varchar) || 'Z'
        when typeof({{ column }}) like 'MAP%' or typeof({{ column }}) like 'STRUCT%' then cast(to_json({{ column }}) as varchar)
        else cast({{ column }} as varchar)
    end
{%- endmacro %}

{# The typed columns of a feed's Parquet files by name; a column that the files lack is a typed null. #}
{% macro parquet_columns(feed, types) %}
    {% set files = feed_files(feed, ['.parquet']) %}
    {% set reader = 'read_parquet(' ~ sql_list(files) ~ ', union_by_name = true, filename = true, file_row_number = true)' %}
    {% set present = run_query('describe select * from ' ~ reader).columns[0].values() | list if files else [] %}
    select
        {% for type, names in types.items() %}{% for name in names -%}
        cast({{ name if name in present else 'null' }} as {{ type }}) as {{ name }},
        {% endfor %}{% endfor -%}
        {{ 'filename' if files else 'cast(null as varchar)' }} as file_path,
        {{ 'file_row_number' if files else 'cast(null as bigint)' }} as landed_row
    {{ 'from ' ~ reader if files else 'where false' }}
{% endmacro %}

{# The text of lines that are not JSON, read again only from the files that hold any; a reader of lines cannot name them.
   Before the first build there is no landed table, and compiling asks for no files. #}
{% macro malformed_texts(feed, landed, of_feed=none) %}
    {% set table = adapter.get_relation(landed.database, landed.schema, landed.identifier) if execute %}
    {% set malformed = 'raw_text is null and ' ~ of_feed if of_feed else 'is_malformed' %}
    {% set query = 'select distinct file_path from ' ~ landed ~ ' where ' ~ malformed ~ ' order by file_path' %}
    {% set files = run_query(query).columns[0].values() if table else [] %}
    select
        '{{ feed }}' as feed,
        {{ 'filename' if files else 'cast(null as varchar)' }} as file_path,
        {{ 'trim(line)' if files else 'cast(null as varchar)' }} as line_text
    {% if files -%}
    from read_csv(
        {{ sql_list(files) }}, columns = {'line': 'varchar'}, delim = e'\x01\x02\x03\x04', quote = '', escape = '', comment = '',
        header = false, auto_detect = false, encoding = 'latin-1', strict_mode = false, filename = true, ignore_errors = true
    )
    where trim(line) <> '' and (not json_valid(line) or {{ has_stray_comma('line') if not of_feed else 'false' }} or {{ is_broken_utf8('line') }})
    {%- else -%}
    where false
    {%- endif %}
{% endmacro %}

{# A file's path below its feed's folder, which does not change where the folder moves. #}
{% macro path_below_feed(feed, file_path) -%}
    case {{ feed }}
        {% for name in feed_formats() -%}
        when '{{ name }}' then replace({{ file_path }}, '{{ (feed_dir(name) ~ '/') | replace("'", "''") }}', '')
        {% endfor -%}
        else {{ file_path }}
    end
{%- endmacro %}

{# A row with more fields than the header, or with fewer than the fullest row of its file: a column that a whole file
   lacks is no fault of the row. #}
{% macro wrong_column_count(present, surplus) -%}
    {%- set missing = [] -%}
    {%- for column in present if column != 'filename' and column not in surplus -%}
        {%- do missing.append('case when ' ~ quoted_name(column) ~ ' is null then 1 else 0 end') -%}
    {%- endfor -%}
    {{ 'coalesce(' ~ surplus | join(', ') ~ ') is not null or ' if surplus }}
    ({{ missing | join(' + ') }}) > min({{ missing | join(' + ') }}) over (partition by filename)
{%- endmacro %}

{# A header may hold any text; a name from it is quoted before it stands in SQL. #}
{% macro quoted_name(name) -%} {{ return('"' ~ name | replace('"', '""') ~ '"') }} {%- endmacro %}
{% macro quoted_names(names) %}
    {% set quoted = [] %}
    {% for name in names %}{% do quoted.append(quoted_name(name)) %}{% endfor %}
    {{ return(quoted | join(', ')) }}
{% endmacro %}
