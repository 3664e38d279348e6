{# The cost layers of semantics.md section 2, in the order in which every mart shows them. #}
{% macro cost_layers() %}
    {{ return([
        'model_api', 'model_hosting', 'embedding', 'retrieval', 'tool_integration', 'human_review', 'observability',
        'platform', 'security_compliance', 'evaluation', 'data_licence',
    ]) }}
{% endmacro %}
