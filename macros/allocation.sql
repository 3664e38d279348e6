{# CTEs from `rows_cte` (units: signed whole steps, weight: whole, >= 0, weight_sum: their sum within `key`) to `split`:
   signed largest remainder (semantics.md 7). Ties by weight, then `tie_break`. Weight 0 gets 0; the parts sum to the whole. #}
{% macro split_exactly(rows_cte, key, tie_break) -%}
floored as (
    select
        *,
        {{ split_base('units', 'weight', 'greatest(weight_sum, 1)') }} as base_units
    from {{ rows_cte }}
),

remaining as (
    select
        *,
        abs(units) * weight - base_units * weight_sum as rest_units
    from floored
),

ranked as (
    select
        *,
        row_number() over (partition by {{ key }} order by rest_units desc, weight desc, {{ tie_break }}) as turn,
        abs(units) - sum(base_units) over (partition by {{ key }}) as spare_units
    from remaining
),

split as (
    select
        *,
        {{ step_sign('units') }} * (base_units + case when turn <= spare_units and weight > 0 then 1 else 0 end) as split_units
    from ranked
)
{%- endmacro %}

{# Engines disagree on the type of sign(); this stays an integer. #}
{% macro step_sign(units) -%} cast(sign({{ units }}) as integer) {%- endmacro %}

{# Driver quantities become whole weights of at most 1e12 by one exact power of a thousand per split, so that the
   product with a total in pico units fits 128 bits. `raw` is in pico; `largest` is the greatest raw of the split. #}
{% macro whole_weight(raw, largest) -%}
    {{ int_div(raw, "case when " ~ largest ~ " <= 1000000000000 then 1 when " ~ largest
        ~ " <= 1000000000000000 then 1000 when " ~ largest ~ " <= 1000000000000000000 then 1000000 when " ~ largest
        ~ " <= 1000000000000000000000 then 1000000000 when " ~ largest
        ~ " <= 1000000000000000000000000 then 1000000000000 else 1000000000000000 end") }}
{%- endmacro %}

{# The same for decimal quantities, in one exact product. #}
{% macro driver_weight(quantity, largest) -%}
    {{ int128("cast(" ~ quantity ~ " as decimal(25, 12)) * cast(case when " ~ largest ~ " <= 1 then 1000000000000 when "
        ~ largest ~ " <= 1000 then 1000000000 when " ~ largest ~ " <= 1000000 then 1000000 when "
        ~ largest ~ " <= 1000000000 then 1000 else 1 end as decimal(13, 0))") }}
{%- endmacro %}

{# Whole steps of the ledger (pico) back to a ledger amount. #}
{% macro pico_to_ledger(units) -%}
    cast(cast({{ units }} as decimal(25, 0)) * 0.000000000001 as decimal(38, 12))
{%- endmacro %}

{# An amount in pico units at an exchange rate, half away from zero at pico; in two steps, so that 128 bits hold it. #}
{% macro pico_at_rate(units, rate) -%}
    {{ step_sign(units) }} * (
        {{ int_div('abs(' ~ units ~ ')', '1000000000000') }} * {{ pico(rate) }}
        + {{ int_div('(abs(' ~ units ~ ') % 1000000000000) * ' ~ pico(rate) ~ ' + 500000000000', '1000000000000') }}
    )
{%- endmacro %}

{# Pico units in one minor unit of a currency, from its ISO 4217 exponent. #}
{% macro minor_step(exponent) -%}
    case {{ exponent }} when 0 then 1000000000000 when 2 then 10000000000 when 3 then 1000000000 when 4 then 100000000 end
{%- endmacro %}

{# The part of a signed total up to `part` of `whole` equal slices, rounded half away from zero in steps of
   `step` units. The difference of two of these is one slice; all slices sum to the total. #}
{% macro cumulative_slice(units, part, whole, step=1) -%}
    {{ step_sign(units) }} * {{ int_div('2 * abs(' ~ units ~ ') * (' ~ part ~ ') + (' ~ step ~ ') * (' ~ whole ~ ')', '2 * (' ~ step ~ ') * (' ~ whole ~ ')') }}
{%- endmacro %}

{# A missing exchange rate stops the build and names itself; it is never 1. #}
{% macro missing_rate(currency, day) -%}
    {{ raise_error("concat('fx_missing: there is no spot rate from ', " ~ currency ~ ", ' to "
        ~ checked_var('reporting_currency') ~ " for ', cast(" ~ day ~ " as varchar), '; add it to seeds/pricing/fx_rates.csv.')") }}
{%- endmacro %}

{# Doubles the hops of a table of shares `times` over: CTEs hops_1 … hops_<times>. Few per model, since an engine that
   does not keep a CTE repeats it for each mention. #}
{% macro doubled_hops(relation, times) -%}
hops_0 as (
    select * from {{ relation }}
),

{% for i in range(1, times + 1) -%}
hops_{{ i }} as (
    select
        earlier.period_month,
        earlier.source_type,
        earlier.source_id,
        later.target_type,
        later.target_id,
        cast(sum(earlier.share * later.share) as decimal(18, 12)) as share
    from hops_{{ i - 1 }} as earlier
    inner join hops_{{ i - 1 }} as later
        on
            earlier.period_month = later.period_month
            and earlier.target_type = later.source_type
            and earlier.target_id = later.source_id
    group by earlier.period_month, earlier.source_type, earlier.source_id, later.target_type, later.target_id
){{ ',\n\n' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{# Whole minor units as an amount of the currency. #}
{% macro in_units(units, exponent) -%}
    {{ pico_to_ledger('(' ~ units ~ ') * ' ~ minor_step(exponent)) }}
{%- endmacro %}

{# The months that a record's days lie in, with the days before each and to its end: `cumulative_slice` splits by them. #}
{% macro cut_into_months(records) -%}
    {%- set start = records ~ '.period_start' -%}
    {%- set end = records ~ '.period_end' -%}
    {%- set month = month_of(add_months(start, 'numbers.n')) -%}
    {%- set next_month = month_of(add_months(start, 'numbers.n + 1')) -%}
    select
        {{ records }}.*,
        {{ month }} as period_month,
        {{ count_days(start, 'greatest(' ~ month ~ ', ' ~ start ~ ')') }} as days_before,
        {{ count_days(start, 'least(' ~ next_month ~ ', ' ~ end ~ ')') }} as days_to_here
    from {{ records }}
    inner join numbers on {{ month }} < {{ end }}
{%- endmacro %}
