{# A person's id in another form, before any table holds it: its hash with the pepper of the environment, the same in
   every build; without a pepper a number, which tells persons apart within this build and says nothing of them. #}
{% macro pseudonym(person_id) -%}
    case
        when {{ person_id }} is null then null
        when {{ pepper() }} is null then concat('person ', dense_rank() over (order by {{ person_id }}))
        else {{ peppered_hash(person_id) }}
    end
{%- endmacro %}
