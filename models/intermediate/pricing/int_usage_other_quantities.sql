{# What the wide price leaves out, one row a call and meter: quantities beyond the common meters; the common ones that lie in
   them, to be taken off; and common ones whose contract price is more than a rate. Few calls carry any. Versions of calls
   that were replaced are here too: closed months keep them, and tiers counted them while they stood. #}
{% set kept = [
    'source_system', 'file_path', 'landed_row', 'request_id', 'provider', 'billing_account_id', 'reported_model', 'service_tier',
    'occurred_at', 'ingested_at', 'replaced_at', 'input_tokens',
] %}
{% set told = [
    'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens', 'output_tokens',
    'unclassified_tokens', 'web_searches', 'requests', 'usage_json',
] %}
{% set parts = part_meters() %}
{% set counts = usage_meters() %}
with recorded as (
    {% for model, replaced_at in {'int_usage_events': 'cast(null as timestamp)', 'int_usage_events_superseded': 'replaced_at'}.items() -%}
    select
        {{ (kept + told) | join(', ') | replace('replaced_at', replaced_at ~ ' as replaced_at') }}
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

usage_events as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        coalesce(input_tokens, output_tokens, web_searches) is not null as has_usage
    from recorded
),

special_rates as (
    select
        provider,
        model,
        meter
    from {{ ref('int_book_rates') }}
    where terms_id is not null or exact_rate is not null
    {% for meter, rated_as in assumed_meters().items() -%}
    union
    select
        provider,
        model,
        '{{ meter }}' as meter
    from {{ ref('int_book_rates') }}
    where meter = '{{ rated_as }}' and exact_rate is not null
    {% endfor %}
),

special_meters as (
    select distinct
        names.provider,
        names.reported_model,
        special_rates.meter
    from special_rates
    inner join {{ ref('int_model_names') }} as names
        on special_rates.provider = names.price_provider and special_rates.model = names.model
),

keyed as (
    select
        {{ kept | join(', ') }},
        uncached_input_tokens,
        cache_read_tokens,
        output_tokens,
        usage_json,
        {{ json_each_key('usage_json') }} as meter
    from usage_events
    where usage_json is not null
),

measured as (
    select
        *,
        {{ json_text('usage_json', 'meter') }} as quantity_text,
        case meter
            {% for part, whole in parts.items() -%}
            when '{{ part }}' then '{{ whole }}'
            {% endfor -%}
        end as part_of
    from keyed
    where meter not in ('{{ known_usage_keys() | join("', '") }}')
),

further as (
    select
        *,
        cast(quantity_text as decimal(28, 6)) as quantity,
        case part_of when 'input_uncached' then uncached_input_tokens when 'cache_read' then cache_read_tokens else output_tokens end as whole
    from measured
    where {{ matches('quantity_text', '(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?') }}
),

{# Parts that do not fit into their whole stand beside it, and nothing is taken off. #}
taken_off as (
    select
        {{ kept | join(', ') }},
        part_of as meter,
        'taken_off' as kind,
        cast(-sum(quantity) as decimal(28, 6)) as quantity,
        0 as estimated_quantity
    from further
    where part_of is not null
    group by {{ kept | join(', ') }}, part_of
    having sum(quantity) <= max(whole)
),

special as (
    select
        {% for column in kept -%}
        usage_events.{{ column }},
        {% endfor -%}
        special_meters.meter,
        'special' as kind,
        cast(case special_meters.meter
            when 'output' then usage_events.output_tokens
            {% for meter, column in counts.items() if meter not in ['output', 'unclassified'] -%}
            when '{{ meter }}' then usage_events.{{ column }}
            {% endfor -%}
        end as decimal(28, 6)) as quantity,
        case when special_meters.meter = 'output' then coalesce(usage_events.unclassified_tokens, 0) else 0 end as estimated_quantity
    from usage_events
    inner join special_meters
        on usage_events.provider = special_meters.provider and lower(usage_events.reported_model) = special_meters.reported_model
    where usage_events.has_usage
),

everything as (
    select
        {{ kept | join(', ') }},
        meter,
        case when meter = 'retrieved_tokens' then 'told' else 'further' end as kind,
        quantity,
        0 as estimated_quantity
    from further
    union all
    select * from taken_off
    union all
    select * from special
)

select * from everything where quantity <> 0
