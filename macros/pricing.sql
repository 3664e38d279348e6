{# Prices are quoted per 1, per thousand or per million; the ledger multiplies by the price per million. #}
{% macro rate_per_million(price, per_quantity) -%}
    cast(
        {{ price }} * case {{ per_quantity }} when 1000000 then 1 when 1000 then 1000 when 1 then 1000000 end
        as decimal(18, 9))
{%- endmacro %}

{# Tokens times the price per million, in micro-units of the currency: the exact product, rounded once per call and meter.
   The price is split at its sixth decimal, so that both products fit 64 bits up to a million currency units a call; one
   product in 128 bits costs a hundred times as much. #}
{% macro meter_micros(quantity, rate) -%}
    cast(
        cast(coalesce({{ quantity }}, 0) as decimal(9, 0)) * cast({{ rate }} - {{ rate }} % 0.000001 as decimal(18, 6))
        + cast(cast(coalesce({{ quantity }}, 0) as decimal(9, 0)) * ({{ rate }} % 0.000001) as decimal(18, 6))
        as decimal(18, 6))
{%- endmacro %}

{# Seconds since midnight of a HH:MM[:SS] text. #}
{% macro day_seconds(x) -%}
    cast(cast(substring({{ x }}, 1, 2) as integer) * 3600 + cast(substring({{ x }}, 4, 2) as integer) * 60 as integer)
{%- endmacro %}

{% macro usage_meters() %}
    {{ return({
        'input_uncached': 'uncached_input_tokens', 'cache_read': 'cache_read_tokens', 'cache_write_5m': 'cache_write_5m_tokens',
        'cache_write_1h': 'cache_write_1h_tokens', 'cache_write_unknown': 'cache_write_unknown_tokens',
        'output': 'classified_output_tokens', 'unclassified': 'unclassified_tokens', 'request': 'requests', 'web_search': 'web_searches',
    }) }}
{% endmacro %}

{# The name of a price book as it was known just before an instant. #}
{% macro price_book_at(price_book, instant) -%}
    concat({{ price_book }}, '@known:', cast({{ instant }} as {{ dbt.type_string() }}))
{%- endmacro %}
