{# Dated policy: within one key no two [valid_from, valid_to) ranges share an instant; an empty end is open. #}
{% test no_overlap(model, key, starts='valid_from', ends='valid_to', reason='overlap') %}
with ranges as (
    select
        {{ key | join(', ') }},
        coalesce(cast({{ starts }} as timestamp), cast('0001-01-01' as timestamp)) as starts_at,
        coalesce(cast({{ ends }} as timestamp), cast('9999-12-31' as timestamp)) as ends_at
    from {{ model }}
),

compared as (
    select
        *,
        lead(starts_at) over (
            partition by {{ key | join(', ') }} order by starts_at, ends_at
        ) as next_starts_at
    from ranges
),

overlapping as (
    select {{ overlap_sentence(model, key, reason) }} as sentence
    from compared
    where next_starts_at < ends_at or starts_at >= ends_at
),

{{ one_sentence('overlapping') }}
{% endtest %}
