{# The meter that a vendor's words for a charge mean; null where they name none that the price list knows by kind. #}
{% macro billed_meter(words) -%}
    case
        when {{ words }} like '%uncached%' then 'input_uncached'
        when {{ words }} like '%cache%' and {{ words }} like '%write%' and ({{ words }} like '%1h%' or {{ words }} like '%1 h%') then 'cache_write_1h'
        when {{ words }} like '%cache%' and {{ words }} like '%write%' and ({{ words }} like '%5m%' or {{ words }} like '%5 m%') then 'cache_write_5m'
        when {{ words }} like '%cache%' and {{ words }} like '%write%' then 'cache_write_unknown'
        when {{ words }} like '%cache%' then 'cache_read'
        when {{ words }} like '%web%search%' then 'web_search'
        when {{ words }} like '%file%search%' then 'file_search'
        when {{ words }} like '%code%interpreter%' then 'code_interpreter_session'
        when {{ words }} like '%code%execution%' then 'code_execution'
        when {{ words }} like '%embedding%' then 'embedding_input'
        when {{ words }} like '%audio%' and {{ words }} like '%input%' then 'audio_in'
        when {{ words }} like '%audio%' and {{ words }} like '%output%' then 'audio_out'
        when {{ words }} like '%image%' and {{ words }} like '%input%' then 'image_in'
        when {{ words }} like '%image%' and {{ words }} like '%output%' then 'image_out'
        when {{ words }} like '%input%' then 'input_uncached'
        when {{ words }} like '%output%' then 'output'
        when {{ words }} like '%request%' then 'request'
    end
{%- endmacro %}

{# The service tier that a vendor's words name. `default` and its like are the standard tier. #}
{% macro billed_tier(words) -%}
    case
        when {{ words }} like '%batch%' then 'batch'
        when {{ words }} like '%priority%' then 'priority'
        when {{ words }} like '%flex%' then 'flex'
        when {{ words }} in ('default', 'auto', 'on_demand') then 'standard'
        else coalesce({{ words }}, 'standard')
    end
{%- endmacro %}

{# Text of a whole or decimal number, as a quantity. Sums over a day are larger than the counts of a call. #}
{% macro as_quantity(x) -%}
    case when {{ matches(x, '-?(0|[1-9][0-9]{0,13})([.][0-9]+)?([eE][+-]?[0-9]{1,2})?') }} then cast({{ x }} as decimal(20, 6)) end
{%- endmacro %}

{# What a usage report counts is a whole number. #}
{% macro as_whole(x) -%}
    case when {{ matches(x, '0|[1-9][0-9]{0,13}') }} then cast({{ x }} as decimal(20, 6)) end
{%- endmacro %}

{# A vendor's money is a float as often as text: read as text, rounded once to the pico unit. #}
{% macro as_billed(x) -%}
    case when {{ matches(x, '-?[0-9]{1,17}([.][0-9]+)?([eE][+-]?[0-9]{1,2})?') }} then cast({{ x }} as decimal(38, 12)) end
{%- endmacro %}
