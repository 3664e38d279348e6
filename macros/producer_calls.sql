{# The canonical columns of a call, each cast to its type; what a producer does not tell is null. #}
{% macro usage_event(given) %}
    {% set types = {
        'integer': [
            'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens',
            'output_tokens', 'reasoning_tokens', 'unclassified_tokens', 'requests', 'web_searches', 'attempt_number',
        ],
        'timestamp': ['occurred_at', 'ingested_at'], 'boolean': ['is_fallback'], 'decimal(38, 12)': ['reported_cost_amount'],
    } %}
    {% set named = given.get('as_named', []) + ['request_id', 'occurred_at'] %}
    {% set type_of = {} %}
    {% for type, columns in types.items() %}{% for column in columns %}{% do type_of.update({column: type}) %}{% endfor %}{% endfor %}
    {% for column in usage_event_columns() -%}
    cast({{ given.get(column, column if column in named else 'null') }} as {{ type_of.get(column, dbt.type_string()) }}) as {{ column }},
    {% endfor %}
{% endmacro %}

{# What most producers' models have under the canonical names: what labels tell, and the counted tokens. #}
{% macro mapped_names() %}
    {{ return([
        'environment', 'application', 'workflow', 'step', 'agent_id', 'tenant_id', 'team', 'cost_center',
        'billing_account_id', 'prompt_version', 'unit_id', 'unit_type',
    ]) }}
{% endmacro %}
{% macro counted_names() %}
    {{ return([
        'input_tokens', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens',
        'output_tokens', 'reasoning_tokens', 'unclassified_tokens', 'reported_cost_amount',
    ]) }}
{% endmacro %}

{# Audio tokens as quantities of their own: parts of the input and the output, priced by their own meters. #}
{% macro audio_quantities(input_audio, output_audio) -%}
    case
        when coalesce({{ input_audio }}, 0) + coalesce({{ output_audio }}, 0) > 0
            then
                concat(
                    '{"input_audio":', cast(coalesce({{ input_audio }}, 0) as {{ dbt.type_string() }}),
                    ',"output_audio":', cast(coalesce({{ output_audio }}, 0) as {{ dbt.type_string() }}), '}'
                )
    end
{%- endmacro %}

{# Times as producers write them: ISO 8601, without a zone = UTC, or seconds since 1970 with or without a fraction. #}
{% macro told_instant(x) -%}
    case
        when {{ is_instant(x) }} then {{ to_utc(x) }}
        when {{ is_zoneless_instant(x) }} then {{ to_utc(x ~ " || 'Z'") }}
        when {{ matches(x, '[0-9]{9,10}([.][0-9]{1,9})?') }}
            then {{ from_epoch_micros('cast(' ~ x ~ ' as decimal(28, 9)) * 1000000') }}
    end
{%- endmacro %}

{# A producer's own cost is evidence: a float, perhaps with an exponent, read as text and rounded once to the pico unit. A
   call that costs a million is a wrong unit, not a call. #}
{% macro told_cost(x) -%}
    case
        when {{ matches(x, '[0-9]{1,12}([.][0-9]+)?([eE][+-]?[0-9]{1,2})?') }} and try_cast({{ x }} as decimal(38, 12)) < 1000000
            then try_cast({{ x }} as decimal(38, 12))
    end
{%- endmacro %}

{# Other words for the standard tier; any other word stays, so that a tier without a price is seen. #}
{% macro told_tier(x) -%}
    case when lower({{ x }}) in ('default', 'auto', 'on_demand', 'standard') then 'standard' else lower({{ x }}) end
{%- endmacro %}

{# Why a producer's record is no call or cannot be read, in the order of the vocabulary; `excluded` names the rules of its format. #}
{% macro producer_rules(counts, excluded={}, repeated='false') %}
    {% set rules = {'malformed_json': 'is_malformed', 'not_an_object': 'not is_object', 'repeated_record': repeated} %}
    {% do rules.update(excluded) %}
    {% do rules.update({
        'missing_request_id': 'request_id is null',
        'bad_request_id': 'not ' ~ is_id('request_id'),
        'missing_timestamp': 'timestamp_text is null',
        'bad_timestamp': 'occurred_at is null',
    }) %}
    {% for text, name in counts.items() %}
        {% set broken = 'not ' ~ is_count(text) %}
        {% do rules.update({'bad_' ~ name: rules['bad_' ~ name] ~ ' or ' ~ broken if 'bad_' ~ name in rules else broken}) %}
    {% endfor %}
    {% do rules.update({
        'total_mismatch': 'is_total_missed',
        'component_exceeds_total': 'cast(coalesce(cache_read_tokens, 0) as bigint) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)'
            ~ ' + coalesce(cache_write_unknown_tokens, 0) > coalesce(input_tokens, 0)'
            ~ ' or coalesce(reasoning_tokens, 0) + coalesce(unclassified_tokens, 0) > coalesce(output_tokens, 0)',
        'bad_amount': 'reported_amount_text is not null and reported_cost_amount is null',
    }) %}
    {{ return(rules) }}
{% endmacro %}

{# A log of times and sizes has fewer ways to be wrong. #}
{% macro bare_log_rules(counts, more={}) %}
    {% set rules = producer_rules(counts, more) %}
    {% for rule in ['total_mismatch', 'component_exceeds_total', 'bad_amount', 'repeated_record'] %}{% do rules.pop(rule) %}{% endfor %}
    {{ return(rules) }}
{% endmacro %}
