{# What the usage report counts: meter -> measure and unit. All four kinds of input lie beside one another. #}
{% macro anthropic_meters() %}
    {{ return({
        'input_uncached': ['uncached_quantity', 'tokens'], 'cache_read': ['read_quantity', 'tokens'],
        'cache_write_5m': ['write_5m_quantity', 'tokens'], 'cache_write_1h': ['write_1h_quantity', 'tokens'],
        'output': ['output_quantity', 'tokens'], 'web_search': ['search_quantity', 'searches'],
    }) }}
{% endmacro %}

{# The report writes money in the currency's cents, as a decimal string. #}
{% macro as_cents(x) -%}
    case when {{ matches(x, '-?[0-9]{1,15}([.][0-9]{1,14})?') }} then cast(cast({{ x }} as decimal(30, 14)) * 0.01 as decimal(38, 12)) end
{%- endmacro %}
