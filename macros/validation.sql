{# Patterns that gate every typed field (reliability.md 2.4): what a cast would accept is wider than what is meant. #}
{% macro is_count(x) -%} {{ matches(x, '0|[1-9][0-9]{0,8}') }} {%- endmacro %}
{% macro is_amount(x) -%} {{ matches(x, '-?(0|[1-9][0-9]{0,17})([.][0-9]{1,12})?') }} {%- endmacro %}
{% macro is_currency(x) -%} ({{ x }} in (select currency from {{ ref('currencies') }})) {%- endmacro %}
{% macro is_id(x) -%} {{ matches(x, '[^\\x00-\\x1f\\x7f]{1,256}') }} {%- endmacro %}
{# An id that JSON tells as a number, a flag or a list: ids are text (input_contract.md 1). #}
{% macro is_no_text(json_value) -%} {{ json_value }} not like '"%' {%- endmacro %}
{% macro is_day(x) -%} {{ matches(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}') }} {%- endmacro %}
{% macro is_instant(x) -%}
    {{ matches(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?))') }}
{%- endmacro %}
{% macro is_zoneless_instant(x) -%}
    {{ matches(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?') }}
{%- endmacro %}

{# The typed value, or null where the text does not match; a reject reason then says why. #}
{% macro as_count(x) -%} case when {{ is_count(x) }} then cast({{ x }} as integer) end {%- endmacro %}
{% macro as_amount(x) -%} case when {{ is_amount(x) }} then cast({{ x }} as decimal(38, 12)) end {%- endmacro %}
{% macro as_instant(x) -%} case when {{ is_instant(x) }} then {{ to_utc(x) }} end {%- endmacro %}
{% macro as_day(x) -%} case when {{ is_day(x) }} then {{ try_date(x) }} end {%- endmacro %}

{# Blanks around text mean nothing; text that is only blanks is absent. #}
{% macro clean_text(x) -%} nullif(trim({{ x }}), '') {%- endmacro %}
{# The same for a field that costs nothing to name again: few texts have a blank at an end. #}
{% macro clean_field(x) -%} case when {{ may_have_blank_ends(x) }} then {{ clean_text(x) }} else {{ x }} end {%- endmacro %}

{# What a list of JSON texts holds, each under its name. #}
{% macro named_items(list, names) -%}
    {% for name in names -%}
    {{ clean_text(list_item(list, loop.index)) }} as {{ name }},
    {% endfor %}
{%- endmacro %}
{% macro named_values(list, names) -%}
    {% for name in names -%}
    nullif(cast({{ list_item(list, loop.index) }} as {{ dbt.type_string() }}), 'null') as {{ name }},
    {% endfor %}
{%- endmacro %}

{# Rules in the order of the vocabulary (seed policy/reject_reasons). The first that applies names the record's reason. #}
{% macro first_reason(rules) -%}
    case
        {% for reason, condition in rules.items() -%}
        when {{ condition }} then '{{ reason }}'
        {% endfor -%}
    end
{%- endmacro %}
{% macro all_reasons(rules) -%}
    nullif(concat({% for reason, condition in rules.items() -%}
        case when {{ condition }} then '{{ reason }};' else '' end{{ ', ' if not loop.last }}
        {%- endfor %}), '')
{%- endmacro %}

{# A list of reasons and the one that was found later, by what other records or policy say. #}
{% macro with_reason(reasons, reason) -%}
    case when {{ reasons }} like concat('%', {{ reason }}, ';%') then {{ reasons }} else concat(coalesce({{ reasons }}, ''), {{ reason }}, ';') end
{%- endmacro %}

{# A longer line is no record of a call, a review or a charge (reliability.md 3, case 15). #}
{% macro line_cap() -%} 1000000 {%- endmacro %}
