{# Signed largest remainder (semantics.md 7) in whole steps: floor each share, then one step more to the largest
   remainders; ties by weight, then key. total and weight are integers; the sign of the total is re-applied. #}
{% macro split_base(total, weight, weight_sum) -%} {{ int_div('abs(' ~ total ~ ') * ' ~ weight, weight_sum) }} {%- endmacro %}
{% macro split_rest(total, weight, weight_sum) -%} ((abs({{ total }}) * {{ weight }}) % ({{ weight_sum }})) {%- endmacro %}
