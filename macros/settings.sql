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

{# Two settings may be left empty; a list's items and a mapping's values are matched one by one. #}
{% macro optional_settings() %}{{ return(['as_of', 'earliest_date']) }}{% endmacro %}

{% macro checked_var(name) %}
    {% set value = var(name) %}
    {# YAML reads an unquoted off as false. #}
    {% if name == 'publish' and value is sameas false %}{% set value = 'off' %}{% endif %}
    {% if value is none and name in optional_settings() %}{{ return(none) }}{% endif %}
    {% if value is none or not modules.re.fullmatch(setting_patterns()[name], value | string) %}
        {% do bad_setting(name, value, 'does not match ' ~ setting_patterns()[name]) %}
    {% endif %}
    {% if name in ['as_of', 'earliest_date'] and not is_calendar_date((value | string)[:10]) %}
        {% do bad_setting(name, value, 'is no day of the calendar') %}
    {% endif %}
    {{ return(value) }}
{% endmacro %}

{% macro bad_setting(name, value, fault) %}
    {% do exceptions.raise_compiler_error(
        "Setting '" ~ name ~ "' is '" ~ value ~ "', which " ~ fault
        ~ "; correct it in dbt_project.yml or in --vars.") %}
{% endmacro %}

{# Names of feeds or models. #}
{% macro checked_list(name) %}
    {% if var(name) is string or var(name) is not iterable %}{% do bad_setting(name, var(name), 'is no list') %}{% endif %}
    {% for item in var(name) if not modules.re.fullmatch('[a-z_][a-z0-9_]*', item | string) %}
        {% do bad_setting(name, item, 'is no name of a feed or model') %}
    {% endfor %}
    {{ return(var(name)) }}
{% endmacro %}

{# Folders by feed. #}
{% macro checked_paths() %}
    {% if var('feed_paths') is not mapping %}{% do bad_setting('feed_paths', var('feed_paths'), 'is no mapping of feeds to folders') %}{% endif %}
    {% for feed, path in var('feed_paths').items() if not modules.re.fullmatch(setting_patterns()['input_dir'], path | string) %}
        {% do bad_setting('feed_paths', path, 'does not match ' ~ setting_patterns()['input_dir']) %}
    {% endfor %}
    {{ return(var('feed_paths')) }}
{% endmacro %}

{# strptime would raise its own, longer error. #}
{% macro is_calendar_date(text) %}
    {% set year, month, day = text[:4] | int, text[5:7] | int, text[8:10] | int %}
    {% if year < 1 or month not in range(1, 13) %}{{ return(false) }}{% endif %}
    {% set next_month = modules.datetime.date(year, month, 28) + modules.datetime.timedelta(days=4) %}
    {{ return(day in range(1, (next_month - modules.datetime.timedelta(days=next_month.day)).day + 1)) }}
{% endmacro %}

{% macro checked_settings() %}
    {% set settings = {} %}
    {% for name in setting_patterns() %}
        {% set value = checked_var(name) %}
        {% do settings.update({name: none if value is none else value | string}) %}
    {% endfor %}
    {% for name in ['required_feeds', 'feed_paths', 'extra_usage_event_models'] %}
        {% do settings.update({name: var(name)}) %}
    {% endfor %}
    {{ return(settings) }}
{% endmacro %}

{# Run before everything else, so that a bad setting stops the build before a table is touched. #}
{% macro check_settings() %}
    {% do checked_settings() %}
    {% do checked_list('required_feeds') %}
    {% do checked_list('extra_usage_event_models') %}
    {% do checked_paths() %}
    {% if modules.re.fullmatch('(.*/)?(marts|publication)[.]duckdb', checked_var('publish_path')) %}
        {% do bad_setting('publish_path', checked_var('publish_path'), 'has the name of a schema in the file') %}
    {% endif %}
    {% do check_given_names() %}
    {% do check_named_feeds() %}
    {% do check_input_dir() %}
{% endmacro %}

{# A misspelt setting would be passed over in silence, and the build would go on with the default. #}
{% macro check_given_names() %}
    {% set known = (setting_patterns() | list) + ['required_feeds', 'feed_paths', 'extra_usage_event_models'] %}
    {% set given = invocation_args_dict.get('vars') or {} %}
    {% set given = fromyaml(given) if given is string else given %}
    {% for name in given if project_name == 'ai_unit_economics' and name not in known %}
        {% do exceptions.raise_compiler_error(
            "There is no setting '" ~ name ~ "'; the settings are " ~ (known | sort | join(', ')) ~ "; correct it in --vars.") %}
    {% endfor %}
{% endmacro %}

{# Without a single file the marts would be empty, and an empty file would take the place of the published one. #}
{% macro check_input_dir() %}
    {% if execute %}
        {% set folder = checked_var('input_dir') %}
        {% set pattern = (folder | replace("'", "''")) ~ '/*/**' %}
        {% set found = run_query("select distinct split_part(substring(file, " ~ (folder | length + 2) ~ "), '/', 1) as name from glob('" ~ pattern ~ "') order by name") %}
        {% set names = found.columns[0].values() | list %}
        {% set files = [] %}
        {% for feed in feed_formats() if feed in names or feed in var('feed_paths') %}{% do files.extend(feed_files(feed)) %}{% endfor %}
        {% if not files %}
            {% do bad_setting('input_dir', folder, 'holds no file of any feed; the feeds are folders in it: ' ~ (feed_formats() | list | join(', '))) %}
        {% endif %}
        {% for name in names if name not in feed_formats() and name != 'issued_statements' %}
            {% do exceptions.warn("The folder '" ~ name ~ "' in " ~ folder ~ " is no feed and is not read; the feeds are " ~ (feed_formats() | list | join(', ')) ~ ".") %}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro check_named_feeds() %}
    {% for name in ['required_feeds', 'feed_paths'] %}
        {% for feed in var(name) if feed not in feed_formats() %}
            {% do bad_setting(name, feed, 'is no feed; the feeds are ' ~ (feed_formats() | list | join(', '))) %}
        {% endfor %}
    {% endfor %}
    {% for feed in var('required_feeds') if execute and not feed_files(feed) %}
        {% do exceptions.raise_compiler_error(
            "missing_feed " ~ feed ~ ": the setting 'required_feeds' names it, and there is no file in "
            ~ feed_dir(feed) ~ "; deliver the feed or take it from the setting.") %}
    {% endfor %}
{% endmacro %}
