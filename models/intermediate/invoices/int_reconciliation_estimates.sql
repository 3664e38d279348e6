{# Every environment is billed, so every environment is estimated. Vendors bill what they do not classify as output. What a
   call without a price used is counted, and says nothing of our price. #}
{% set quantities = {
    'input_uncached': 'input_tokens - cache_read_tokens - cache_write_5m_tokens - cache_write_1h_tokens - cache_write_unknown_tokens',
    'cache_read': 'cache_read_tokens', 'cache_write_5m': 'cache_write_5m_tokens', 'cache_write_1h': 'cache_write_1h_tokens',
    'cache_write_unknown': 'cache_write_unknown_tokens', 'output': 'output_tokens', 'request': 'requests', 'web_search': 'web_searches',
} %}
with monthly_costs as (
    select
        *,
        lower(coalesce(dated_model, model)) as model_name
    from {{ ref('int_usage_costs_monthly') }}
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

{# A call without a price keeps the name it was reported by, or what a dated name meant then; vendors' papers are read by the same names. #}
usage_costs as (
    select
        monthly_costs.*,
        coalesce(names.model, monthly_costs.model_name) as billed_model,
        case when monthly_costs.cost_basis = 'reported' then 0 else 1 end as is_metered,
        monthly_costs.endpoint in ('embedding', 'embeddings', 'rerank') as is_embedding
    from monthly_costs
    left join names on monthly_costs.provider = names.provider and monthly_costs.model_name = names.reported_model
),

metered as (
    {% for meter, quantity in quantities.items() -%}
    select
        period_month,
        provider,
        billing_account_id,
        billed_model as model,
        service_tier,
        currency,
        {% if meter == 'input_uncached' %}case when is_embedding then 'embedding_input' else 'input_uncached' end{% else %}'{{ meter }}'{% endif %} as meter,
        {{ quantity }} as quantity,
        case when cost_basis = 'unpriced' then 0 else {{ quantity }} end as priced_quantity,
        {{ meter }}_cost_micros{{ ' + unclassified_cost_micros' if meter == 'output' }} as cost_micros
    from usage_costs
    where is_metered = 1 and {% if meter == 'request' %}request_cost_micros <> 0 and cost_basis <> 'unpriced'{% else %}({{ quantity }} <> 0 or {{ meter }}_cost_micros <> 0){% endif %}
    union all
    {% endfor -%}
    select
        period_month,
        provider,
        billing_account_id,
        billed_model as model,
        service_tier,
        currency,
        'other' as meter,
        null as quantity,
        null as priced_quantity,
        other_cost_micros as cost_micros
    from usage_costs
    where is_metered = 1 and other_cost_micros <> 0
    union all
    select
        period_month,
        provider,
        billing_account_id,
        billed_model as model,
        service_tier,
        currency,
        'reported' as meter,
        null as quantity,
        null as priced_quantity,
        cost_micros
    from usage_costs
    where is_metered = 0
),

summed as (
    select
        metered.period_month,
        coalesce(accounts.issuer, metered.provider) as issuer,
        coalesce(metered.billing_account_id, '__none__') as billing_account_id,
        metered.model,
        metered.meter,
        metered.service_tier,
        metered.currency,
        max(metered.provider) as provider,
        cast(sum(metered.quantity) as decimal(38, 6)) as quantity,
        cast(sum(metered.priced_quantity) as decimal(38, 6)) as priced_quantity,
        {{ micros_to_ledger('sum(metered.cost_micros)') }} as amount
    from metered
    left join accounts on metered.billing_account_id = accounts.billing_account_id and metered.provider = accounts.provider
    group by
        metered.period_month,
        coalesce(accounts.issuer, metered.provider),
        coalesce(metered.billing_account_id, '__none__'),
        metered.model,
        metered.meter,
        metered.service_tier,
        metered.currency
)

select * from summed
