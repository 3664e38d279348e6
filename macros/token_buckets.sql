{# Producers count details (cached, reasoning ...) inside their side's count or beside it, and say which only by the
   total. So each row decides for itself: parts = total: beside; parts above it by exactly the details of a side (or of
   both): those lie inside. Where the total says nothing, the producer's custom holds.
   Reads told_input, told_output, told_total, input_details, output_details (details: 0 where none). #}
{% macro detail_sides(input_inside='true', output_inside='true') -%}
    {% set surplus -%}
    (cast(coalesce(told_input, 0) as bigint) + coalesce(told_output, 0) + input_details + output_details - nullif(told_total, 0))
    {%- endset %}
    case
        when {{ surplus }} in (input_details, input_details + output_details) and input_details > 0 then true
        when {{ surplus }} in (0, output_details) then false
        else {{ input_inside }}
    end as is_input_detail_inside,
    case
        when {{ surplus }} = input_details + output_details then true
        when {{ surplus }} in (0, input_details) then false
        when {{ surplus }} = output_details then true
        else {{ output_inside }}
    end as is_output_detail_inside
{%- endmacro %}

{# All input and all output, details included. What the total has above them is output of an unknown kind: unclassified.
   A sum beyond the cap of a count is as wrong as a total below its parts. Reads what detail_sides read and gave. #}
{% macro token_buckets() -%}
    {% set input -%}
    case when is_input_detail_inside then told_input else coalesce(told_input + input_details, told_input, nullif(input_details, 0)) end
    {%- endset %}
    {% set output -%}
    case when is_output_detail_inside then told_output else coalesce(told_output + output_details, told_output, nullif(output_details, 0)) end
    {%- endset %}
    {% set rest = '(nullif(told_total, 0) - coalesce(' ~ input ~ ', 0) - coalesce(' ~ output ~ ', 0))' %}
    {{ capped(input) }} as input_tokens,
    {{ capped('case when ' ~ rest ~ ' > 0 then coalesce(' ~ output ~ ', 0) + ' ~ rest ~ ' else ' ~ output ~ ' end') }} as output_tokens,
    {{ capped('case when ' ~ rest ~ ' > 0 then ' ~ rest ~ ' end') }} as unclassified_tokens,
    coalesce({{ rest }} < 0, false) or coalesce({{ input }}, 0) > 999999999 or coalesce({{ output }}, 0) > 999999999 as is_total_missed
{%- endmacro %}
{% macro capped(count) -%} case when {{ count }} <= 999999999 then {{ count }} end {%- endmacro %}

{# The details of the input under their canonical names, summed wide enough for any of them. #}
{% macro cache_details() -%}
    cast(coalesce(cache_read_tokens, 0) as bigint) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)
    + coalesce(cache_write_unknown_tokens, 0)
{%- endmacro %}

{# Cache writes beyond those whose time to live is told; null where there are none. Reads the texts all_writes_text,
   write_5m_text, write_1h_text. #}
{% macro untold_writes() -%}
    nullif(greatest(
        coalesce({{ as_count('all_writes_text') }}, 0)
        - coalesce({{ as_count('write_5m_text') }}, 0) - coalesce({{ as_count('write_1h_text') }}, 0), 0), 0)
{%- endmacro %}
