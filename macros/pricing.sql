{# Prices are quoted per 1, per thousand or per million; the ledger multiplies by the price per million. #}
{% macro rate_per_million(price, per_quantity) -%}
    cast(
        cast({{ price }} as decimal(18, 9)) * case {{ per_quantity }} when 1000000 then 1 when 1000 then 1000 when 1 then 1000000 end
        as decimal(18, 9))
{%- endmacro %}

{# Tokens times the price per million, in micro-units of the currency: the exact product, rounded once per call and meter.
   The price is split at its sixth decimal, so that both products fit 64 bits up to a million currency units a call; one
   product in 128 bits costs a hundred times as much. #}
{% macro meter_micros(quantity, rate) -%}
    cast(
        cast(coalesce({{ quantity }}, 0) as decimal(9, 0)) * cast({{ rate }} - {{ rate }} % 0.000001 as decimal(18, 6))
        + cast(cast(coalesce({{ quantity }}, 0) as decimal(9, 0)) * ({{ rate }} % 0.000001) as decimal(18, 6))
        as decimal(18, 6))
{%- endmacro %}

{# A meter's charge with what its terms or exact rate add, which few calls have: the others only copy their charge. #}
{% macro with_terms(charge, meter) -%}
    {% if meter == 'unclassified' -%} {{ charge }} {%- else -%}
    case
            when other_costs.{{ meter }}_micros is not null and other_costs.currency = prices.currency
                then cast({{ charge }} + other_costs.{{ meter }}_micros as decimal(18, 6))
            else {{ charge }}
        end
    {%- endif %}
{%- endmacro %}

{# Seconds since midnight of a HH:MM[:SS] text. #}
{% macro day_seconds(x) -%}
    cast(
        cast(substring({{ x }}, 1, 2) as integer) * 3600 + cast(substring({{ x }}, 4, 2) as integer) * 60
        + coalesce(cast(nullif(substring({{ x }}, 7, 2), '') as integer), 0) as integer)
{%- endmacro %}

{% macro usage_meters() %}
    {{ return({
        'input_uncached': 'uncached_input_tokens', 'cache_read': 'cache_read_tokens', 'cache_write_5m': 'cache_write_5m_tokens',
        'cache_write_1h': 'cache_write_1h_tokens', 'cache_write_unknown': 'cache_write_unknown_tokens',
        'output': 'classified_output_tokens', 'unclassified': 'unclassified_tokens', 'request': 'requests', 'web_search': 'web_searches',
    }) }}
{% endmacro %}

{# The name of a price book as it was known just before an instant. #}
{% macro price_book_at(price_book, instant) -%}
    concat({{ price_book }}, '@known:', cast({{ instant }} as {{ dbt.type_string() }}))
{%- endmacro %}

{# What the tiers of one contract price share; null where the price is a rate and nothing else. Prices of the whole
   provider count the quantity of all its accounts together. #}
{% macro price_terms_id(alias) -%}
    {% set shared = [] %}
    {% for column in ['contract_id', 'provider', 'billing_account_id', 'model', 'meter', 'service_tier', 'context_tokens_over', 'valid_from', 'recorded_at'] %}
        {% do shared.append(alias ~ '.' ~ column) %}
    {% endfor %}
    case
        when {{ alias }}.tier_mode is not null or {{ alias }}.block_quantity is not null or {{ alias }}.minimum_charge is not null
            then {{ text_key(shared) }}
    end
{%- endmacro %}

{# Meters of tokens that are parts of another meter's tokens: priced on their own, and taken off the other. #}
{% macro part_meters() %}
    {{ return({
        'input_audio': 'input_uncached', 'input_image': 'input_uncached', 'input_video': 'input_uncached',
        'cache_read_audio': 'cache_read', 'cache_read_image': 'cache_read',
        'output_audio': 'output', 'output_image': 'output', 'output_video': 'output',
    }) }}
{% endmacro %}

{# Meters that are charged at another meter's rate where they have no price of their own. #}
{% macro assumed_meters() %}
    {{ return({'cache_read': 'input_uncached', 'cache_write_unknown': 'cache_write_5m'}) }}
{% endmacro %}

{# The least multiple of a block that is not below the quantity. #}
{% macro whole_blocks(quantity, block) -%}
    {{ quantity }} + coalesce(({{ block }} - {{ quantity }} % {{ block }}) % {{ block }}, 0)
{%- endmacro %}

{# What a call adds to the charge of its period within one tier, in millionths: the slice of it that lies there (graduated),
   or all of the quantity so far less all before, each at the tier that it reaches (volume). #}
{% macro tier_micros(call, tier) -%}
    {%- set after = call ~ '.quantity_after' -%}
    {%- set before = '(' ~ call ~ '.quantity_after - ' ~ call ~ '.charged_quantity)' -%}
    {%- set over = tier ~ '.quantity_over' -%}
    {%- set up_to = tier ~ '.quantity_up_to' -%}
    {{ tier }}.rate * case
        when {{ tier }}.tier_mode = 'graduated'
            then greatest(least({{ after }}, {{ up_to }}) - {{ over }}, 0) - greatest(least({{ before }}, {{ up_to }}) - {{ over }}, 0)
        else
            case when {{ after }} > {{ over }} and {{ after }} <= {{ up_to }} then {{ after }} else 0 end
            - case when {{ before }} > {{ over }} and {{ before }} <= {{ up_to }} then {{ before }} else 0 end
    end
{%- endmacro %}

{# A list price less a discount, with all its decimals. #}
{% macro discounted_rate(rate, discount_rate) -%}
    cast(cast({{ rate }} as decimal(24, 9)) * cast(1 - {{ discount_rate }} as decimal(9, 6)) as decimal(30, 15))
{%- endmacro %}

{# The one price of a call: of its book and service tier, in force when it started; the request's whole input picks the
   context tier, the bound itself in the lower one. #}
{% macro price_match(calls, book) -%}
    {{ calls }}.provider = prices.provider
            and lower({{ calls }}.reported_model) = prices.reported_model
            and {{ calls }}.service_tier = prices.service_tier
            and {{ book }} = prices.price_book
            and {{ calls }}.occurred_at >= prices.valid_from
            and {{ calls }}.occurred_at < prices.valid_to
            and greatest(coalesce({{ calls }}.input_tokens, 0), 1) > prices.context_tokens_over
            and coalesce({{ calls }}.input_tokens, 0) <= prices.context_tokens_up_to
            and {{ second_of_day(calls ~ '.occurred_at') }} >= prices.day_second_from
            and {{ second_of_day(calls ~ '.occurred_at') }} < prices.day_second_to
{%- endmacro %}

{# Which of several prices holds, the first of these: account before provider before list, what names more, an embedding's own,
   the highest context bound, the nearest list, the shorter hours, the newest record. #}
{% macro price_precedence() -%}
    book_rates.specificity nulls last, book_rates.breadth, book_rates.meter <> 'embedding_input',
                book_rates.context_tokens_over desc, book_rates.tokens_above_discount,
                book_rates.day_second_to - book_rates.day_second_from, book_rates.recorded_at desc nulls last
{%- endmacro %}

{# Whether the producer told any quantity that is charged for. #}
{% macro tells_usage(calls) -%}
    coalesce({{ calls }}.input_tokens, {{ calls }}.output_tokens, {{ calls }}.web_searches) is not null or coalesce(other_costs.meters, 0) > 0
{%- endmacro %}

{# How many of the quantities that a call used have no price; null where the call has no price row at all. #}
{% macro unpriced_meters(calls) -%}
    case when prices.price_number is null then null else
            coalesce(other_costs.unpriced_meters, 0)
            + case when other_costs.currency <> prices.currency then 1 else 0 end
            {% for meter, quantity in usage_meters().items() if meter != 'request' -%}
            + case when {{ calls }}.{{ quantity }} > 0 and prices.{{ meter }}_rate is null then 1 else 0 end
            {% endfor -%}
        end
{%- endmacro %}

{# One basis a call: our price if it covers all; else what the producer says, if more than nothing; else what we can price. #}
{% macro call_cost_basis() -%}
    case
            when has_usage and unpriced_meters = 0 and contract_id is not null then 'repriced_contract'
            when has_usage and unpriced_meters = 0 then 'repriced_list'
            when reported_cost_amount > 0 then 'reported'
            when has_usage and priced_micros > 0 then 'partially_priced'
            else 'unpriced'
        end
{%- endmacro %}
