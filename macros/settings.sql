{# Settings are code once they reach SQL, so each is matched against its pattern before it is used. #}
{% macro setting_patterns() %}
    {{ return({
        'input_dir': "[^'\\x00-\\x1f]+",
        'as_of': '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?Z?)?',
        'clock_skew_seconds': '[0-9]{1,6}',
        'reporting_currency': '[A-Z]{3}',
        'earliest_date': '[0-9]{4}-[0-9]{2}-[0-9]{2}',
        'max_quarantine_share': '(0([.][0-9]{1,6})?|1)',
        'publish': '(auto|off)',
        'publish_path': "[^'\\x00-\\x1f]+[.]duckdb",
        'publish_events': '(?i:true|false)',
    }) }}
{% endmacro %}

{% macro checked_var(name) %}
    {% set value = var(name) %}
    {% if value is none %}{{ return(none) }}{% endif %}
    {% set pattern = setting_patterns()[name] %}
    {% if not modules.re.fullmatch(pattern, value | string) %}
        {% do exceptions.raise_compiler_error(
            "Setting '" ~ name ~ "' is '" ~ value ~ "', which does not match " ~ pattern
            ~ "; correct it in dbt_project.yml or in --vars.") %}
    {% endif %}
    {{ return(value) }}
{% endmacro %}

{% macro check_settings() %}
    {% for name in setting_patterns() %}{% do checked_var(name) %}{% endfor %}
    {% for feed in var('required_feeds') %}
        {% if feed not in feed_formats() %}
            {% do exceptions.raise_compiler_error(
                "Setting 'required_feeds' names the feed '" ~ feed ~ "', which does not exist; the feeds are "
                ~ (feed_formats() | list | join(', ')) ~ ".") %}
        {% endif %}
        {% if execute and not feed_files(feed) %}
            {% do exceptions.raise_compiler_error(
                "missing_feed " ~ feed ~ ": the setting 'required_feeds' names it, and there is no file in "
                ~ feed_dir(feed) ~ "; deliver the feed or take it from the setting.") %}
        {% endif %}
    {% endfor %}
{% endmacro %}
