{# Money in the reporting currency by the day's spot rate. A missing rate stops the build by name; it is never 1. #}
{% macro in_reporting_currency(amount, currency, rate, at) -%}
    cast(
        case
            when {{ amount }} is null then null
            when {{ currency }} = '{{ checked_var('reporting_currency') }}' then {{ amount }}
            when {{ rate }} is not null then cast({{ amount }} * {{ rate }} as decimal(28, 6))
            else cast({{ raise_error("concat('fx_missing: there is no spot rate from ', " ~ currency ~ ", ' to "
                ~ checked_var('reporting_currency') ~ " for ', cast(cast(" ~ at ~ " as date) as varchar), '; add it to seeds/pricing/fx_rates.csv.')") }} as decimal(28, 6))
        end as decimal(28, 6))
{%- endmacro %}
