{# Which of a producer's own labels (tags, metadata keys, attributes) tells which canonical field: seed policy/field_mappings. #}
{% macro mapping_targets() %}
    {{ return([
        'environment', 'application', 'workflow', 'step', 'agent_id', 'tenant_id', 'team', 'cost_center', 'provider',
        'billing_account_id', 'api_key_id', 'reported_model', 'prompt_version', 'session_id', 'unit_id', 'base_time',
    ]) }}
{% endmacro %}

{# CTEs from `labels` (feed, file_path, landed_row, label, value, distance) to `mapped`, one row a record, and `constants`,
   one row a feed. The mapping's priority decides first, then the distance from the record. #}
{% macro map_labels() -%}
field_mappings as (
    select * from {{ ref('field_mappings') }}
),

matched as (
    select
        labels.file_path, labels.landed_row, labels.label_value, field_mappings.target_field,
        coalesce(field_mappings.unit_type, '') as unit_type,
        coalesce(field_mappings.priority, 1) * 1000 + labels.distance as label_rank
    from labels
    inner join field_mappings on labels.feed = field_mappings.feed and labels.label = field_mappings.source
    where labels.label_value <> ''
),
mapped as (
    select file_path, landed_row, {{ pivoted_fields('label_value', 'label_rank') }}
    from matched
    group by file_path, landed_row
),

constants as (
    select feed, {{ pivoted_fields('constant_value', 'coalesce(priority, 1)') }}
    from field_mappings
    where source is null
    group by feed
)
{%- endmacro %}

{% macro pivoted_fields(value, rank) -%}
    {% for target in mapping_targets() -%}
    {{ first_by("case when target_field = '" ~ target ~ "' then " ~ value ~ ' end', rank) }} as {{ target }},
    {% endfor -%}
    {{ first_by("case when target_field = 'unit_id' then coalesce(unit_type, '') end", rank) }} as unit_type
{%- endmacro %}

{# The mapped value, else the constant of the feed, else what the producer's own field says. #}
{% macro mapped_field(target, told='null') -%}
    coalesce(mapped.{{ target }}, constants.{{ target }}, {{ told }})
{%- endmacro %}

{# The columns that labels usually tell; `told` names the producer's own field of each, `also` further columns. #}
{% macro mapped_columns(told={}, also=[]) -%}
    {% for target in (mapped_names() | reject('equalto', 'unit_type') | list) + also -%}
    {{ mapped_field(target, told.get(target, 'null')) }} as {{ target }},
    {% endfor -%}
    nullif({{ mapped_field('unit_type') }}, '') as unit_type
{%- endmacro %}

{% macro join_mapped(base) -%}
    left join mapped on {{ base }}.landed_row = mapped.landed_row and {{ base }}.file_path = mapped.file_path
    left join constants on {{ base }}.feed = constants.feed
{%- endmacro %}

{# A tag `key:value` is the label `tag:key`; a bare tag is a label of its own name and says so. #}
{% macro tag_labels(tagged) -%}
    select
        feed,
        file_path,
        landed_row,
        concat('tag:', split_part(tag, ':', 1)) as label,
        case when position(':' in tag) > 0 then substring(tag, position(':' in tag) + 1) else tag end as label_value
    from {{ tagged }}
{%- endmacro %}
