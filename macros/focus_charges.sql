{# Columns of the standard, 1.0 to 1.4, by the name that this project gives them where it reads them. #}
{% macro focus_read_columns() %}
    {{ return({
        'billing_account_id': 'BillingAccountId', 'billing_account_type': 'BillingAccountType', 'sub_account_id': 'SubAccountId',
        'currency': 'BillingCurrency', 'billing_starts_text': 'BillingPeriodStart', 'billing_ends_text': 'BillingPeriodEnd',
        'charge_starts_text': 'ChargePeriodStart', 'charge_ends_text': 'ChargePeriodEnd', 'charge_category': 'ChargeCategory',
        'charge_class': 'ChargeClass', 'charge_description': 'ChargeDescription', 'charge_frequency': 'ChargeFrequency',
        'commitment_discount_id': 'CommitmentDiscountId', 'invoice_id': 'InvoiceId', 'invoice_issuer_name': 'InvoiceIssuerName',
        'old_provider_name': 'ProviderName', 'new_provider_name': 'ServiceProviderName', 'service_category': 'ServiceCategory',
        'service_name': 'ServiceName', 'sku_id': 'SkuId', 'sku_meter': 'SkuMeter', 'sku_price_details': 'SkuPriceDetails',
        'pricing_currency': 'PricingCurrency', 'billed_text': 'BilledCost', 'effective_text': 'EffectiveCost',
        'contracted_text': 'ContractedCost', 'list_text': 'ListCost', 'contracted_unit_price_text': 'ContractedUnitPrice',
        'list_unit_price_text': 'ListUnitPrice', 'pricing_currency_effective_text': 'PricingCurrencyEffectiveCost',
        'consumed_text': 'ConsumedQuantity', 'consumed_unit': 'ConsumedUnit', 'pricing_quantity_text': 'PricingQuantity',
        'pricing_unit': 'PricingUnit', 'tags': 'Tags',
    }) }}
{% endmacro %}

{# The other columns: they only tell one row from another. #}
{% macro focus_other_columns() %}
    {{ return([
        'AvailabilityZone', 'BillingAccountName', 'CapacityReservationId', 'CapacityReservationStatus',
        'CommitmentDiscountCategory', 'CommitmentDiscountName', 'CommitmentDiscountQuantity', 'CommitmentDiscountStatus',
        'CommitmentDiscountType', 'CommitmentDiscountUnit', 'ContractApplied', 'HostProviderName', 'Id', 'InvoiceDetailId',
        'PricingCategory', 'PricingCurrencyContractedUnitPrice', 'PricingCurrencyListUnitPrice', 'PublisherName', 'RegionId',
        'RegionName', 'ResourceId', 'ResourceName', 'ResourceType', 'ServiceSubcategory', 'SkuPriceId', 'SubAccountName',
        'SubAccountType', 'AllocatedMethodId', 'AllocatedMethodDetails', 'AllocatedResourceId', 'AllocatedResourceName', 'AllocatedTags',
    ]) }}
{% endmacro %}

{# Exports write an absent value as nothing or as the word null. #}
{% macro focus_text(x) -%} case when lower(trim({{ x }})) not in ('', 'null') then trim({{ x }}) end {%- endmacro %}

{# `$10,000.00 ` is money too. #}
{% macro focus_number(x) -%} {{ as_billed("replace(replace(replace(" ~ x ~ ", '$', ''), ',', ''), ' ', '')") }} {%- endmacro %}

{# ISO with a zone, with minutes only, or without a zone (the standard is UTC); a bare day; or the American day of a spreadsheet. #}
{% macro focus_instant(x) -%}
    case
        when {{ is_instant(x) }} then {{ to_utc(x) }}
        when {{ matches(x, '[0-9-]{10}T[0-9]{2}:[0-9]{2}Z') }} and {{ is_instant("replace(" ~ x ~ ", 'Z', ':00Z')") }} then {{ to_utc("replace(" ~ x ~ ", 'Z', ':00Z')") }}
        when {{ is_zoneless_instant(x) }} then {{ to_utc(x ~ " || 'Z'") }}
        when {{ is_day(x) }} then cast({{ try_date(x) }} as timestamp)
        else {{ try_american_time(x) }}
    end
{%- endmacro %}

{# A purchase is a commitment where it names one, a prepayment where it is made once, else a fee. #}
{% macro focus_line_type() -%}
    case lower(charge_category)
        when 'usage' then 'usage'
        when 'credit' then 'credit'
        when 'tax' then 'tax'
        when 'adjustment' then 'adjustment'
        when 'purchase' then case
            when commitment_discount_id is not null then 'commitment' when lower(charge_frequency) = 'one-time' then 'prepayment' else 'fee'
        end
    end
{%- endmacro %}

{# Lines of a bill or an export that no meter counts: their type stands in the place of the meter. #}
{% macro is_no_usage(meter) -%}
    {{ meter }} in ('commitment', 'prepayment', 'credit', 'fee', 'tax', 'rounding', 'adjustment')
{%- endmacro %}

{# CTEs with what policy knows of accounts and names of vendors, and what it makes of the name on a charge. #}
{% macro billed_parties() -%}
accounts as (
    select billing_account_id, max(provider) as provider, max(issuer) as issuer from {{ ref('billing_accounts') }} group by billing_account_id
),

names as (
    select * from {{ ref('provider_aliases') }}
)
{%- endmacro %}
{% macro billed_party(field) -%} coalesce(accounts.{{ field }}, names.{{ field }}, lower(charges.provider_name)) {%- endmacro %}
