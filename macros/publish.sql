{# Whether this run may publish is decided when the node runs, from what was asked and what was selected. #}
{% macro guard_publish() -%}
    {%- if execute -%}
    set variable publish_request = '{{ tojson(publish_request()) | replace("'", "''") }}'
    {%- endif -%}
{%- endmacro %}

{# Everything the Python side needs to know about the run; `refusal` is null where the run may publish. #}
{% macro publish_request() %}
    {% set marts = [] %}
    {% set as_of = ref('int_as_of') | string %}
    {% for id in model.depends_on.nodes if graph.nodes[id].schema == 'marts' %}
        {% if graph.nodes[id].name != 'fct_usage_costs' or checked_var('publish_events') | string | lower == 'true' %}
            {% do marts.append(published_mart(graph.nodes[id])) %}
        {% endif %}
    {% endfor %}
    {{ return({
        'refusal': publish_refusal(),
        'path': checked_var('publish_path'),
        'as_of_relation': as_of,
        'invocation_id': invocation_id,
        'dbt_version': dbt_version,
        'settings': checked_settings(),
        'tests': graph.nodes.values() | selectattr('resource_type', 'equalto', 'test') | list | length,
        'marts': marts,
    }) }}
{% endmacro %}

{# A mart as it must look in the published file: `create table as` would lose not null and the descriptions. #}
{% macro published_mart(node) %}
    {% set columns = [] %}
    {% for column in node.columns.values() %}
        {% do columns.append({
            'name': column.name,
            'description': column.description,
            'not_null': 'not_null' in column.constraints | map(attribute='type') | map('string') | list,
        }) %}
    {% endfor %}
    {{ return({
        'name': node.name,
        'relation': node.relation_name,
        'description': node.description,
        'columns': columns,
    }) }}
{% endmacro %}

{# Why this run may not publish, or none. A part of a project, or an untested one, is never published. #}
{% macro publish_refusal() %}
    {% set args = invocation_args_dict %}
    {% if checked_var('publish') == 'off' %}{{ return("the setting 'publish' is off") }}{% endif %}
    {% if args.get('which') != 'build' %}
        {{ return('only `dbt build` runs the tests first, and this is `dbt ' ~ args.get('which') ~ '`') }}
    {% endif %}
    {% for option in partial_build_options() if args.get(option) %}
        {{ return('--' ~ option | replace('_', '-') ~ ' builds a part of the project or of its data') }}
    {% endfor %}
    {% set missed = [] %}
    {% for id, node in graph.nodes.items() if node.resource_type in ['model', 'seed', 'snapshot', 'test'] %}
        {% if id not in selected_resources %}{% do missed.append(node.name) %}{% endif %}
    {% endfor %}
    {% if missed %}
        {{ return(missed | length ~ ' of the nodes were not selected, ' ~ (missed | sort | first) ~ ' first') }}
    {% endif %}
    {% if run_query('select invocation_id from ' ~ ref('started_builds')).rows[0][0] != invocation_id %}
        {{ return('a retry builds only what failed; run the whole build again') }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}

{% macro partial_build_options() %}
    {{ return([
        'select', 'exclude', 'selector', 'resource_types', 'exclude_resource_types', 'empty', 'sample', 'defer',
        'event_time_start', 'event_time_end',
    ]) }}
{% endmacro %}

{# One line in the log of what became of publishing: the node itself succeeds either way. #}
{% macro report_publication() -%}
    {%- if execute -%}
        {%- set row = run_query('select status, detail from ' ~ this).rows[0] -%}
        {%- do log('Published file: ' ~ row[0] ~ ', ' ~ row[1], info=True) -%}
    {%- endif -%}
{%- endmacro %}
