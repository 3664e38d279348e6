{# The canonical usage event (producers.md 1.1): what every producer's staging model gives and the union reads. #}
{% macro usage_event_columns() %}
    {{ return([
        'request_id', 'occurred_at', 'ingested_at', 'environment', 'application', 'workflow', 'step', 'agent_id',
        'tenant_id', 'team', 'cost_center', 'provider', 'billing_account_id', 'api_key_id', 'endpoint', 'service_tier',
        'reported_model', 'prompt_version', 'status', 'layer', 'input_tokens', 'cache_read_tokens',
        'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens', 'output_tokens',
        'reasoning_tokens', 'unclassified_tokens', 'requests', 'web_searches', 'usage_json', 'attempt_number',
        'is_fallback', 'retry_of_request_id', 'unit_type', 'unit_id', 'unit_shares', 'trace_id', 'session_id',
        'span_id', 'reported_cost_amount', 'reported_cost_currency',
    ]) }}
{% endmacro %}

{# What makes a call impossible to price or attribute honestly, in the order of the vocabulary. #}
{% macro usage_event_rules() %}
    {% set rules = {
        'malformed_json': 'is_malformed', 'not_an_object': 'not is_object', 'line_too_long': 'is_too_long',
        'missing_request_id': 'request_id is null',
        'bad_request_id': "not " ~ is_id('request_id') ~ " or " ~ is_no_text('request_id_json'),
        'missing_provider': 'provider is null',
        'missing_model': 'reported_model is null',
        'unknown_layer': "layer not in ('" ~ cost_layers() | join("', '") ~ "')",
        'missing_timestamp': 'timestamp_text is null',
        'tzless_timestamp': is_zoneless_instant('timestamp_text'),
        'bad_timestamp': 'occurred_at is null or (ingested_text is not null and ingested_at is null)',
    } %}
    {% for name in ['input', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'reasoning', 'unclassified'] %}
        {% do rules.update({'bad_' ~ name ~ '_tokens': name ~ '_text is not null and ' ~ name ~ '_tokens is null'}) %}
    {% endfor %}
    {% do rules.update({
        'bad_input_tokens': rules['bad_input_tokens'] ~ ' or has_negative_zero',
        'bad_total_tokens': 'total_text is not null and not ' ~ is_count('total_text'),
        'bad_quantity': '(requests_text is not null and told_requests is null) or (web_searches_text is not null and web_searches is null)',
        'total_mismatch': "total_text <> cast(coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as varchar)",
        'component_exceeds_total': 'cast(coalesce(cache_read_tokens, 0) as bigint) + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)'
            ~ ' + coalesce(cache_write_unknown_tokens, 0) > coalesce(input_tokens, 0)'
            ~ ' or coalesce(reasoning_tokens, 0) + coalesce(unclassified_tokens, 0) > coalesce(output_tokens, 0)',
        'bad_amount': 'reported_amount_text is not null and reported_cost_amount is null',
        'bad_currency': 'reported_cost_amount is not null and not coalesce(' ~ is_currency('reported_cost_currency') ~ ', false)',
    }) %}
    {{ return(rules) }}
{% endmacro %}

{# The same rules for calls that arrive typed (Parquet). #}
{% macro usage_event_column_rules() %}
    {{ return({
        'missing_request_id': 'request_id is null',
        'missing_provider': 'provider is null',
        'missing_model': 'reported_model is null',
        'unknown_layer': "layer not in ('" ~ cost_layers() | join("', '") ~ "')",
        'missing_timestamp': 'occurred_at is null',
        'bad_input_tokens': 'input_tokens not between 0 and 999999999',
        'bad_output_tokens': 'output_tokens not between 0 and 999999999',
        'bad_quantity': 'requests < 0 or web_searches < 0',
        'component_exceeds_total': 'cast(coalesce(cache_read_tokens, 0) as bigint) + coalesce(cache_write_5m_tokens, 0)'
            ~ ' + coalesce(cache_write_1h_tokens, 0) + coalesce(cache_write_unknown_tokens, 0) > coalesce(input_tokens, 0)'
            ~ ' or least(cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cache_write_unknown_tokens) < 0'
            ~ ' or coalesce(reasoning_tokens, 0) + coalesce(unclassified_tokens, 0) > coalesce(output_tokens, 0)'
            ~ ' or least(reasoning_tokens, unclassified_tokens) < 0',
        'bad_currency': 'reported_cost_amount is not null and reported_cost_currency is null',
    }) }}
{% endmacro %}

{# What makes two copies of a call the same: all but the time at which they became known. #}
{% macro usage_event_content(alias) %}
    {% set content = [] %}
    {% for column in usage_event_columns() if column != 'ingested_at' %}{% do content.append(alias ~ '.' ~ column) %}{% endfor %}
    {{ return(content) }}
{% endmacro %}

{# The meters that are columns of the canonical event; any other numeric key of usage is a quantity of its own. #}
{% macro known_usage_keys() %}
    {{ return([
        'input_tokens', 'cached_input_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens',
        'output_tokens', 'reasoning_tokens', 'unclassified_tokens', 'total_tokens', 'requests', 'web_searches',
    ]) }}
{% endmacro %}

{# What identifies a call. LiteLLM tells each call twice where both of its feeds are loaded: its call id joins them. #}
{% macro usage_event_key(alias) %}
    {% set is_litellm = alias ~ ".source_system in ('litellm_spend_logs', 'litellm_standard_logging')" %}
    {{ return([
        'case when ' ~ is_litellm ~ " then 'litellm' else " ~ alias ~ '.source_system end',
        'case when ' ~ is_litellm ~ ' then null else ' ~ alias ~ '.provider end',
        'case when ' ~ is_litellm ~ ' then null else ' ~ alias ~ '.billing_account_id end',
        'case when ' ~ is_litellm ~ ' then coalesce(' ~ alias ~ '.span_id, ' ~ alias ~ '.request_id) else ' ~ alias ~ '.request_id end',
    ]) }}
{% endmacro %}

{# Two feeds of one gateway describe a call differently; they conflict only where what it used or cost differs. #}
{% macro usage_event_metered(alias) %}
    {% set content = [] %}
    {% for column in usage_event_columns() if column.endswith('_tokens') or column in ['occurred_at', 'status', 'reported_cost_amount'] %}
        {% do content.append(alias ~ '.' ~ column) %}
    {% endfor %}
    {{ return(content) }}
{% endmacro %}
