{# Vendors' own reports and exports: they become provider lines, never usage events. A page holds buckets, a bucket results;
   one result (of FOCUS: one charge row) is one landed record, whatever the number of lines that it becomes. #}
{% macro report_feeds() %}
    {{ return({
        'openai_usage': {'format': 'pages', 'landed': 'stg_openai__results_landed', 'results': 'stg_openai__results_landed', 'pages': 'stg_openai__pages', 'staged': 'stg_openai__provider_usage'},
        'openai_costs': {'format': 'pages', 'landed': 'stg_openai__results_landed', 'results': 'stg_openai__results_landed', 'pages': 'stg_openai__pages', 'staged': 'stg_openai__provider_usage'},
        'anthropic_usage': {'format': 'pages', 'landed': 'stg_anthropic__results_landed', 'results': 'stg_anthropic__results_landed', 'pages': 'stg_anthropic__pages', 'staged': 'stg_anthropic__provider_usage'},
        'anthropic_costs': {'format': 'pages', 'landed': 'stg_anthropic__results_landed', 'results': 'stg_anthropic__results_landed', 'pages': 'stg_anthropic__pages', 'staged': 'stg_anthropic__provider_usage'},
        'focus_charges': {'format': 'rows', 'landed': 'stg_focus__charges_landed', 'staged': 'stg_focus__provider_usage', 'invoiced': 'stg_focus__invoice_lines'},
    }) }}
{% endmacro %}

{# The models of one role (landed, pages or staged), each once: one model may serve several feeds. #}
{% macro report_models(role) %}
    {% set models = [] %}
    {% for report in report_feeds().values() if report.get(role) and report[role] not in models %}{% do models.append(report[role]) %}{% endfor %}
    {{ return(models) }}
{% endmacro %}

{% macro provider_usage_columns() %}
    {{ return([
        'line_id', 'provider', 'billing_account_id', 'period_start', 'period_end', 'model', 'meter', 'service_tier', 'quantity',
        'quantity_unit', 'amount', 'currency', 'project_id', 'api_key_id', 'ingested_at',
    ]) }}
{% endmacro %}

{% macro invoice_line_columns() %}
    {{ return([
        'invoice_id', 'invoice_line_id', 'issuer', 'provider', 'billing_account_id', 'billing_period_start', 'billing_period_end',
        'issued_on', 'status', 'line_type', 'model', 'meter', 'service_tier', 'description', 'quantity', 'quantity_unit',
        'unit_price', 'amount', 'currency', 'charge_period_start', 'charge_period_end', 'reference_invoice_id', 'ingested_at',
    ]) }}
{% endmacro %}

{# Pages as text, one a row: a line of a .jsonl file, a whole .json document or each item of its list. Null: no JSON. #}
{% macro json_pages(feed) %}
    {% set files = feed_files(feed, ['.json']) %}
    select
        '{{ feed }}' as feed,
        file_path,
        landed_row as page_number,
        raw_text
    from ({{ json_lines(feed) }})
    {% if files %}
    union all
    select
        '{{ feed }}' as feed,
        file_path,
        {{ numbered_items("case when is_list then raw_text else concat('[', coalesce(raw_text, 'null'), ']') end", '$[*]', 'page_number', 'raw_text') }}
    from (
        select
            filename as file_path,
            {{ valid_json('content') }} as raw_text,
            coalesce({{ json_is_list(valid_json('content'), '$') }}, false) as is_list
        from read_text({{ sql_list(files) }})
    )
    {% endif %}
{% endmacro %}

{# CTEs from `pages` to `landed`: each result with its bucket. What is no page, and a bucket without a list of results, is
   landed whole, so that nothing falls through. #}
{% macro results_of_pages(starts, ends) -%}
buckets as (
    select feed, file_path, page_number, ingested_text, {{ numbered_items('raw_text', '$.data[*]', 'bucket_number', 'bucket') }}
    from pages
    where is_page
),

opened as (
    select *, {{ json_is_list('bucket', '$.results') }} as has_results, {{ json_texts('bucket', ['$.' ~ starts, '$.' ~ ends]) }} as times
    from buckets
),

results as (
    select feed, file_path, page_number, ingested_text, bucket_number, times, true as is_result,
        {{ numbered_items('bucket', '$.results[*]', 'result_number', 'raw_text') }}
    from opened
    where has_results
    union all
    select feed, file_path, page_number, ingested_text, bucket_number, times, false, 0, bucket from opened where not has_results
    union all
    select feed, file_path, page_number, ingested_text, 0, null, false, 0, raw_text from pages where not is_page
),

landed as (
    select feed, file_path, ingested_text, times, is_result, raw_text,
        row_number() over (order by file_path, page_number, bucket_number, result_number) as landed_row
    from results
)
{%- endmacro %}

{# CTEs from `results` and `accounts` to `accounts_of_files`. A report does not name its organization: its file lies in a
   folder of the account's name, or policy knows one account of the vendor only. #}
{% macro accounts_of_files() -%}
named_folders as (
    select results.file_path, max(accounts.billing_account_id) as billing_account_id
    from results
    inner join accounts on position(concat('/', accounts.billing_account_id, '/') in results.file_path) > 0
    group by results.file_path
),

only_accounts as (
    select max(billing_account_id) as billing_account_id from accounts having count(*) = 1
),

accounts_of_files as (
    select file_path, billing_account_id from named_folders
    union all
    select distinct results.file_path, only_accounts.billing_account_id
    from results
    cross join only_accounts
    left join named_folders on results.file_path = named_folders.file_path
    where named_folders.file_path is null
)
{%- endmacro %}

{# Which feed a resolved record came by, and whether its fate is told there: one FOCUS charge is counted as provider usage. #}
{% macro feed_of_records(entity) -%}
    {%- if entity == 'provider_usage' -%}
    case when source_system in ('{{ report_feeds() | join("', '") }}') then source_system else '{{ entity }}' end
    {%- else -%}
    '{{ entity }}'
    {%- endif -%}
{%- endmacro %}
{% macro is_own_record(entity) -%}
    {{ "source_system not in ('" ~ report_feeds() | join("', '") ~ "')" if entity == 'invoice_lines' else 'true' }}
{%- endmacro %}

{# Reports say nothing of when they were made: of two copies the one in the later file counts, then the later in the file. #}
{% macro latest_report() -%}
    {% set is_report = "case when source_system in ('" ~ report_feeds() | join("', '") ~ "') then " -%}
    ingested_at desc nulls last, {{ is_report }}file_path end desc nulls last, {{ is_report }}landed_row end
{%- endmacro %}

{# An invoice lies at its day of issue. A FOCUS row does not tell that day: it lies, as the same row's export line does, at the
   start of its charge, so that both of its lines share one fate. #}
{% macro billed_at(alias) -%}
    cast(case when {{ alias }}.source_system = 'focus_charges' then {{ alias }}.charge_period_start else {{ alias }}.issued_on end as timestamp)
{%- endmacro %}
