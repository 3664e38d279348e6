{{ config(materialized='table') }}
{# Calls by bearer in the currency that they are priced in, with what the vendor's paper is compared by: issuer, account,
   model and meter. What came through a shared key untraced has no bearer here. #}
{% set meters = ['input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'request', 'web_search'] %}
with usage_costs as (
    select
        *,
        lower(model) as model_name
    from {{ ref('int_usage_costs_owned') }}
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

named as (
    select
        usage_costs.*,
        coalesce(accounts.issuer, usage_costs.provider) as issuer,
        coalesce(names.model, usage_costs.model_name) as billed_model,
        coalesce(usage_costs.endpoint in ('embedding', 'embeddings', 'rerank'), false) as is_embedding
    from usage_costs
    left join names on usage_costs.provider = names.provider and usage_costs.model_name = names.reported_model
    left join accounts
        on usage_costs.billing_account_id = accounts.billing_account_id and usage_costs.provider = accounts.provider
),

metered as (
    {% for meter in meters -%}
    select
        named.*,
        {% if meter == 'input_uncached' %}case when is_embedding then 'embedding_input' else 'input_uncached' end{% else %}'{{ meter }}'{% endif %} as meter,
        {{ meter }}_cost_micros{{ ' + unclassified_cost_micros' if meter == 'output' }} as meter_micros
    from named
    where cost_basis <> 'reported'
    union all
    {% endfor -%}
    select
        named.*,
        'reported' as meter,
        cost_micros as meter_micros
    from named
    where cost_basis = 'reported'
),

summed as (
    select
        period_month,
        issuer,
        coalesce(billing_account_id, '__none__') as billing_account_id,
        currency,
        billed_model as model,
        meter,
        case when untraced_key_id is null then bearing_cost_center else '__unallocated__' end as cost_center,
        {{ int128('sum(meter_micros) * 1000000') }} as amount_pico
    from metered
    group by
        period_month,
        issuer,
        coalesce(billing_account_id, '__none__'),
        currency,
        billed_model,
        meter,
        case when untraced_key_id is null then bearing_cost_center else '__unallocated__' end
    having sum(meter_micros) <> 0
)

select * from summed
