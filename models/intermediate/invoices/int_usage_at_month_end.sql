{# Calls so near to the end of a month that a vendor who counts a call when its batch is done bills them with the next. #}
{% set quantities = {
    'input_uncached': 'input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0) - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0)',
    'cache_read': 'cache_read_tokens', 'cache_write_5m': 'cache_write_5m_tokens', 'cache_write_1h': 'cache_write_1h_tokens',
    'cache_write_unknown': 'cache_write_unknown_tokens', 'output': 'output_tokens', 'web_search': 'web_searches',
} %}
with thresholds as (
    select max(cast(value as integer)) as lag_hours from {{ ref('thresholds') }} where threshold = 'billing_lag_hours'
),

dated_names as (
    select * from {{ ref('int_model_names') }}
),

{# By the name's meaning at the call's own instant, as it is priced. #}
usage_events as (
    select
        usage_events.*,
        lower(coalesce(dated_names.model, usage_events.reported_model)) as model_name,
        usage_events.endpoint in ('embedding', 'embeddings', 'rerank') as is_embedding
    from {{ ref('int_usage_events') }} as usage_events
    cross join thresholds
    left join dated_names
        on
            usage_events.provider = dated_names.provider
            and usage_events.reported_model = dated_names.reported_model
            and usage_events.occurred_at >= dated_names.valid_from
            and usage_events.occurred_at < dated_names.valid_to
    where {{ month_of('usage_events.occurred_at') }} <> {{ month_of(add_hours('usage_events.occurred_at', 'thresholds.lag_hours')) }}
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

metered as (
    {% for meter, quantity in quantities.items() -%}
    select
        {{ month_of('occurred_at') }} as period_month,
        provider,
        billing_account_id,
        model_name,
        service_tier,
        {% if meter == 'input_uncached' %}case when is_embedding then 'embedding_input' else 'input_uncached' end{% else %}'{{ meter }}'{% endif %} as meter,
        {{ quantity }} as quantity
    from usage_events
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        metered.period_month,
        coalesce(accounts.issuer, metered.provider) as issuer,
        coalesce(metered.billing_account_id, '__none__') as billing_account_id,
        metered.provider,
        coalesce(names.model, metered.model_name) as model,
        metered.meter,
        metered.service_tier,
        cast(sum(metered.quantity) as decimal(38, 6)) as quantity
    from metered
    left join accounts on metered.billing_account_id = accounts.billing_account_id and metered.provider = accounts.provider
    left join names on metered.provider = names.provider and metered.model_name = names.reported_model
    where metered.quantity > 0
    group by
        metered.period_month,
        coalesce(accounts.issuer, metered.provider),
        coalesce(metered.billing_account_id, '__none__'),
        metered.provider,
        coalesce(names.model, metered.model_name),
        metered.meter,
        metered.service_tier
)

select * from summed
