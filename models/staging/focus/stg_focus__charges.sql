{{ config(materialized='table') }}
{# One charge, typed, whatever the version of the standard: 1.3 names the service's provider, older ones the provider. #}
{% set detail_paths = [
    '$.x_Model', '$.x_ModelName', '$.Model', '$.ModelName', '$.model', '$.x_TokenType', '$.x_CacheTtl', '$.x_RequestOptions', '$.x_ServiceTier',
] %}
{% set amounts = {
    'billed_cost': 'billed_text', 'effective_cost': 'effective_text', 'contracted_cost': 'contracted_text', 'list_cost': 'list_text',
    'contracted_unit_price': 'contracted_unit_price_text', 'list_unit_price': 'list_unit_price_text',
    'pricing_currency_effective_cost': 'pricing_currency_effective_text', 'consumed_quantity': 'consumed_text',
    'pricing_quantity': 'pricing_quantity_text',
} %}
{% set times = {
    'billing_period_start': 'billing_starts_text', 'billing_period_end': 'billing_ends_text',
    'charge_period_start': 'charge_starts_text', 'charge_period_end': 'charge_ends_text',
} %}
{% set bad_times, bad_prices = [], [] %}
{% for name, text in times.items() %}{% do bad_times.append('(' ~ text ~ ' is not null and ' ~ name ~ ' is null)') %}{% endfor %}
{% for name in ['contracted_cost', 'list_cost'] %}{% do bad_prices.append('(' ~ amounts[name] ~ ' is not null and ' ~ name ~ ' is null)') %}{% endfor %}
{# A bill is addressed to an account of the vendor. A key or a showback scheme in its place is a tool's own estimate. #}
{% set rules = {
    'wrong_column_count': 'has_wrong_column_count',
    'excluded_own_estimate': "lower(billing_account_type) in ('api key', 'showback')",
    'missing_provider': 'provider_name is null',
    'missing_billing_account_id': 'billing_account_id is null',
    'unknown_line_type': 'line_type is null',
    'missing_timestamp': 'charge_starts_text is null or charge_ends_text is null or billing_starts_text is null or billing_ends_text is null',
    'bad_timestamp': bad_times | join(' or '),
    'bad_interval': 'charge_period_end <= charge_period_start or billing_period_end <= billing_period_start',
    'bad_quantity': '(consumed_text is not null and consumed_quantity is null) or (pricing_quantity_text is not null and pricing_quantity is null)',
    'bad_amount': 'billed_cost is null or effective_cost is null or ' ~ bad_prices | join(' or '),
    'bad_currency': 'not coalesce(' ~ is_currency('currency') ~ ', false)',
} %}
with landed as (
    select * from {{ ref('stg_focus__charges_landed') }}
),

typed as (
    select
        *,
        coalesce(new_provider_name, old_provider_name) as provider_name,
        {% for name, text in times.items() -%}
        {{ focus_instant(text) }} as {{ name }},
        {% endfor -%}
        {% for name, text in amounts.items() -%}
        {{ focus_number(text) }} as {{ name }},
        {% endfor -%}
        {{ focus_line_type() }} as line_type,
        coalesce(lower(service_category) = 'ai and machine learning', false) as is_ai_service,
        {{ json_texts(valid_json('sku_price_details'), detail_paths) }} as details
    from landed
),

named as (
    select
        *,
        case when line_type <> 'usage' then null else coalesce(
            {% for position in range(1, 6) -%}{{ list_item('details', position) }}, {% endfor -%}
            case when is_ai_service and position('/' in sku_id) > 0 then {{ split_item('sku_id', '/', 1) }} end
        ) end as model,
        lower(concat_ws(' ', coalesce(sku_meter, charge_description), {{ list_item('details', 6) }}, {{ list_item('details', 7) }})) as meter_words,
        lower(coalesce({{ list_item('details', 9) }}, {{ list_item('details', 8) }})) as tier_words
    from typed
),

judged as (
    select
        feed as source_system,
        charge_key,
        provider_name,
        billing_account_id,
        sub_account_id,
        line_type,
        charge_category,
        charge_class,
        charge_description,
        commitment_discount_id,
        {{ times | join(',\n        ') }},
        model,
        case when line_type <> 'usage' then line_type when is_ai_service then {{ billed_meter('meter_words') }} end as meter,
        {{ billed_tier('tier_words') }} as service_tier,
        {{ amounts | join(',\n        ') }},
        consumed_unit,
        pricing_unit,
        currency,
        pricing_currency,
        invoice_id,
        invoice_issuer_name,
        service_name,
        tags,
        file_path,
        landed_row,
        {{ first_reason(rules) }} as reject_reason,
        {{ all_reasons(rules) }} as reject_reasons
    from named
)

select * from judged
