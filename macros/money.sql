{# The ledger amount: pico units of the currency. The exact value is cast once per row, half away from zero. #}
{% macro ledger(amount) -%}
    cast({{ amount }} as decimal(38, 12))
{%- endmacro %}

{# The hot path counts in millionths of a currency unit; this is the same number in whole units. #}
{% macro micros_to_ledger(micros) -%}
    cast(cast({{ micros }} as decimal(28, 6)) * 0.000001 as decimal(38, 12))
{%- endmacro %}

{# Pico units as a 128-bit integer, for exact splits and ratios. #}
{% macro pico(amount) -%}
    {{ pico_units('cast(' ~ amount ~ ' as decimal(26, 12))') }}
{%- endmacro %}

{# An amount over an amount or a count, both exact: half away from zero at 12 decimals; null over zero or null. #}
{% macro money_ratio(numerator, denominator) -%}
    {{ exact_ratio('cast(' ~ numerator ~ ' as decimal(26, 12))', 'cast(nullif(' ~ denominator ~ ', 0) as decimal(26, 12))') }}
{%- endmacro %}

{# Both in pico units: the quotient is scaled by 1e12 in two exact steps, so that 128 bits hold it. #}
{% macro ratio_of_pico(n, d) -%}
    cast(
        sign({{ n }}) * sign({{ d }}) * (
            cast({{ int_div(n_abs(n), n_abs(d)) }} as decimal(26, 0))
            + cast({{ int_div('(' ~ n_abs(n) ~ ' % ' ~ n_abs(d) ~ ') * 2000000000000 + ' ~ n_abs(d), '2 * ' ~ n_abs(d)) }}
                as decimal(13, 0)) * 0.000000000001
        ) as decimal(38, 12))
{%- endmacro %}

{% macro n_abs(x) -%} abs({{ x }}) {%- endmacro %}
