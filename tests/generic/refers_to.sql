{# Every value that is given exists in the other relation; a null refers to nothing and passes. #}
{% test refers_to(model, column, to, field, allow=[]) %}
select distinct child.{{ column }} as unknown_value
from {{ model }} as child
left join {{ to }} as parent on child.{{ column }} = parent.{{ field }}
where
    child.{{ column }} is not null
    and parent.{{ field }} is null
    {% if allow -%}
    and child.{{ column }} not in ('{{ allow | join("', '") }}')
    {%- endif %}
{% endtest %}
