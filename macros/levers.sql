{# The steps of the chain, in the fixed order of semantics.md section 6: each names the drivers that it moves. #}
{% macro lever_steps() %}
    {{ return({
        'failed_runs': ['success_share', 'attempts_per_call'],
        'routing': ['input_price', 'output_price'],
        'caching': ['caching_factor'],
        'retrieval': ['retrieved_tokens_per_attempt', 'retrieval_cost'],
        'prompt_size': ['prompt_tokens_per_attempt'],
        'review': ['review_cost'],
        'other': ['calls_per_unit', 'output_tokens_per_attempt', 'other_cost'],
    }) }}
{% endmacro %}

{# Cost per success with the drivers of the listed levers at their later value and all others at their earlier one. #}
{% macro lever_cost(moved) -%}
    {%- set side = {} -%}
    {%- for lever, drivers in lever_steps().items() -%}
        {%- for driver in drivers -%}{%- do side.update({driver: ('later.' if lever in moved else 'earlier.') ~ driver}) -%}{%- endfor -%}
    {%- endfor -%}
    ({{ side.calls_per_unit }} * {{ side.attempts_per_call }} * (
        ({{ side.prompt_tokens_per_attempt }} + {{ side.retrieved_tokens_per_attempt }}) * {{ side.input_price }} * {{ side.caching_factor }}
        + {{ side.output_tokens_per_attempt }} * {{ side.output_price }}
    ) + {{ side.retrieval_cost }} + {{ side.review_cost }} + {{ side.other_cost }}) / nullif({{ side.success_share }}, 0)
{%- endmacro %}
