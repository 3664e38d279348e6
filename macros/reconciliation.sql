{# Currencies whose smallest unit has not two digits after the point (ISO 4217). #}
{% macro other_minor_digits() %}
    {{ return({
        0: ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'],
        3: ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'],
        4: ['CLF', 'UYW'],
    }) }}
{% endmacro %}

{# One expression for each number of digits, the one for two last; of a currency that is written out only its own. #}
{% macro by_minor_digits(currency, expressions) -%}
    {%- set found = namespace(own=expressions[2]) -%}
    {%- for digits, currencies in other_minor_digits().items() if currency | replace("'", '') in currencies -%}
        {%- set found.own = expressions[digits] -%}
    {%- endfor -%}
    {%- if currency.startswith("'") -%}
    {{ found.own }}
    {%- else -%}
    case
        {% for digits, currencies in other_minor_digits().items() -%}
        when {{ currency }} in ('{{ currencies | join("', '") }}') then {{ expressions[digits] }}
        {% endfor -%}
        else {{ expressions[2] }}
    end
    {%- endif -%}
{%- endmacro %}

{# Digits after the point of a currency's smallest unit. #}
{% macro minor_digits(currency) -%}
    {{ by_minor_digits(currency, {0: '0', 2: '2', 3: '3', 4: '4'}) }}
{%- endmacro %}

{# The smallest amount that can be posted in a currency. #}
{% macro minor_unit(currency) -%}
    cast({{ by_minor_digits(currency, {0: '1', 2: '0.01', 3: '0.001', 4: '0.0001'}) }} as decimal(5, 4))
{%- endmacro %}

{# How many of them one unit of the currency is. #}
{% macro minor_units_in_one(currency) -%}
    {{ by_minor_digits(currency, {0: '1', 2: '100', 3: '1000', 4: '10000'}) }}
{%- endmacro %}

{# Posted amounts: half away from zero at the currency's minor unit. Each is cast on its own: types of other scales have none in common. #}
{% macro posted(amount, currency) -%}
    {%- set rounded = {} -%}
    {%- for digits in (0, 2, 3, 4) %}{% do rounded.update({digits: ledger('round(' ~ amount ~ ', ' ~ digits ~ ')')}) %}{% endfor -%}
    {{ by_minor_digits(currency, rounded) }}
{%- endmacro %}

{# How many single units a quoted quantity unit stands for: `1000_tokens`, `1000000 Tokens`, `MTok`. #}
{% macro quantity_factor(quantity_unit) -%}
    case
        when lower({{ quantity_unit }}) like '%1000000%' or lower({{ quantity_unit }}) like '1m%'
            or lower({{ quantity_unit }}) like 'mtok%' or lower({{ quantity_unit }}) like '%million%' then 1000000
        when lower({{ quantity_unit }}) like '%1000%' or lower({{ quantity_unit }}) like '1k%'
            or lower({{ quantity_unit }}) like 'ktok%' or lower({{ quantity_unit }}) like '%thousand%' then 1000
        else 1
    end
{%- endmacro %}

{# Thousandths of a unit as a whole number, for exact products of money and quantity. #}
{% macro milli(quantity) -%}
    {{ int128('cast(' ~ quantity ~ ' as decimal(35, 3)) * 1000') }}
{%- endmacro %}

{# The part of an amount that belongs to a part of its quantity: half away from zero at 12 decimals, null without a base. #}
{% macro prorated(amount, part, whole) -%}
    {{ divided_pico(pico(amount) ~ ' * ' ~ milli(part), milli('nullif(' ~ whole ~ ', 0)')) }}
{%- endmacro %}

{# A product in pico units over a whole number, rounded on the absolute value. #}
{% macro divided_pico(n, d) -%}
    cast(
        cast(sign({{ n }}) * sign({{ d }}) as decimal(2, 0))
        * cast({{ int_div('2 * abs(' ~ n ~ ') + abs(' ~ d ~ ')', '2 * abs(' ~ d ~ ')') }} as decimal(36, 0))
        * 0.000000000001
        as decimal(38, 12))
{%- endmacro %}

{# An amount at an exchange rate, exact and then cast once. #}
{% macro translated(amount, rate) -%}
    {{ divided_pico(pico(amount) ~ ' * ' ~ pico(rate), int128('1000000000000')) }}
{%- endmacro %}

{# The parts of the bridge in the order of semantics.md section 8; what they leave is the last. #}
{% macro bridge_components() %}
    {{ return(['price', 'timing', 'unmetered', 'overmetered', 'commitment', 'credit', 'fee', 'tax', 'fx', 'rounding', 'unexplained']) }}
{% endmacro %}

{# What the books tell apart on a document: use, what reduces or adds to it, draws on a prepayment, and what has its own account. #}
{% macro charge_classes() %}
    {{ return(['usage', 'other', 'drawdown', 'fee', 'commitment', 'tax', 'prepayment']) }}
{% endmacro %}

{# Invoice lines that no meter explains, as billed: a vendor's adjustment is a credit or a fee by its sign. #}
{% macro bridge_line_types() %}
    {{ return({
        'commitment': "line_type in ('commitment', 'prepayment')",
        'credit': "(line_type = 'credit' or (line_type = 'adjustment' and amount < 0))",
        'fee': "(line_type = 'fee' or (line_type = 'adjustment' and amount >= 0))",
        'tax': "line_type = 'tax'",
        'rounding': "line_type = 'rounding'",
    }) }}
{% endmacro %}

{# How much may remain: the policy's absolute and relative bounds combined; against nothing billed the absolute one alone. #}
{% macro tolerance_limit(base) -%}
    cast(
        case
            when absolute_tolerance is null then 0
            when {{ base }} = 0 then absolute_tolerance
            when combine = 'greater_of' then greatest(absolute_tolerance, cast(percent_tolerance * abs(cast({{ base }} as decimal(26, 6))) as decimal(26, 6)))
            else least(absolute_tolerance, cast(percent_tolerance * abs(cast({{ base }} as decimal(26, 6))) as decimal(26, 6)))
        end as decimal(38, 12))
{%- endmacro %}

{# Meters under which a vendor may bill (semantics.md section 3). #}
{% macro recon_meters() %}
    {{ return([
        'input_uncached', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'cache_write_unknown', 'output', 'audio_in', 'audio_out',
        'image_in', 'image_out', 'embedding_input', 'unclassified', 'request', 'web_search', 'tool_call', 'storage_token_hour',
        'gpu_hour', 'outcome_fee', 'other', 'reported', '__all__',
    ]) }}
{% endmacro %}

{# An invoice in the reporting currency at the rate of its day of issue. A missing rate stops the build by name; it is never 1. #}
{% macro at_invoice_rate(amount, currency, rate, issued_on, needed=none) -%}
    cast(
        case
            when {{ currency }} = '{{ checked_var('reporting_currency') }}' then {{ amount }}
            when {{ rate }} is not null then {{ translated(amount, rate) }}
            {{ 'when not (' ~ needed ~ ') then 0' if needed }}
            else cast({{ raise_error("concat('fx_missing: there is no invoice rate from ', " ~ currency ~ ", ' to "
                ~ checked_var('reporting_currency') ~ " for ', cast(" ~ issued_on ~ " as varchar), '; add it to seeds/pricing/fx_rates.csv.')") }} as decimal(38, 12))
        end as decimal(38, 12))
{%- endmacro %}

{# What to do about each kind of exception. #}
{% macro exception_suggestions() %}
    {{ return({
        'duplicate_invoice': 'The number was delivered before: do not pay it again, and ask the vendor to withdraw the copy.',
        'suspected_duplicate': 'Same account, period and amount as another number: confirm with the vendor and void one of them.',
        'suspected_duplicate_line': 'The document bills the same use twice: ask the vendor which line stands, and claim the other.',
        'unresolved_reference': 'The document corrects an invoice that is not here in its currency: ask for the invoice, or for the right number.',
        'draft_invoice': 'Only a draft is here: ask for the issued invoice.',
        'currency_mismatch': 'Metered in one currency, billed in another: correct the price list or the account.',
        'unmapped_sku': 'The vendor bills a model or meter that policy does not know: add it to model_aliases or to the prices.',
        'missing_in_invoice': 'We metered use that is not billed: wait for one more invoice, then check that the calls were real.',
        'overdue_invoice': 'No invoice for a month that should have one: ask the vendor for it, and keep the accrual.',
        'missing_in_export': 'The export lacks what is billed: widen the export (keys, tiers, workspaces) or ask the vendor.',
        'missing_in_estimate': 'Billed and not metered: look for calls outside the logging path, by key and day of the export.',
        'price_exception': 'Billed at another price than agreed: claim the difference, or correct the contract prices.',
        'quantity_exception': 'Quantities differ: compare the export by key and day with the logged calls.',
        'unexplained': 'No component names this amount: ask the vendor for the calculation of the line.',
        'rounding_exception': 'Rounding adds up to more than policy bears: ask the vendor to round the document, not each of its lines.',
        'persistent_bias': 'Small, but always to the same side: look for a cause that repeats, such as billed failures.',
        'unmatched_payment': 'Paid, and no invoice of that number and currency is here: ask for it, or correct the payment.',
        'prepaid_overdraft': 'More was used than was bought in advance: check that on-demand prices apply, and buy or book it.',
    }) }}
{% endmacro %}
