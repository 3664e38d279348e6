{{ config(materialized='table') }}
{# All draft lines in posted minor units: each journal's lines are rounded so that they sum to its rounded total, by the
   largest remainder; ties go by account, layer and cost center. Not the split of pools: that knows weights of one sign, and the
   lines of a journal have both. #}
with drafts as (
    select * from {{ ref('int_journal_cost_lines') }}
    union all
    select * from {{ ref('int_journal_invoice_lines') }}
    union all
    select * from {{ ref('int_journal_other_lines') }}
),

summed as (
    select
        entity,
        period_month,
        entry_type,
        source_type,
        source_id,
        posting_date,
        layer,
        cost_center,
        account,
        counter_account,
        currency,
        max(fx_rate) as fx_rate,
        max(memo) as memo,
        max(reversed_on) as reversed_on,
        cast(sum(amount) as decimal(26, 12)) as amount
    from drafts
    group by
        entity, period_month, entry_type, source_type, source_id, posting_date, layer, cost_center, account, counter_account, currency
),

keyed as (
    select
        *,
        {{ text_key(['entity', 'period_month', 'entry_type', 'source_type', 'source_id', 'posting_date', 'currency']) }} as journal_id,
        {{ minor_units_in_one('currency') }} as units
    from summed
),

{# The whole units below each line, and what is left of it. #}
floored as (
    select
        *,
        cast(floor(amount * units) as decimal(38, 0)) as base_units,
        amount * units - floor(amount * units) as rest,
        round(sum(amount) over (partition by journal_id, counter_account) * units, 0) as journal_units
    from keyed
),

ranked as (
    select
        *,
        row_number() over (partition by journal_id, counter_account order by rest desc, account, layer, cost_center) as turn,
        journal_units - sum(base_units) over (partition by journal_id, counter_account) as units_to_give
    from floored
),

given as (
    select
        *,
        base_units + case when turn <= units_to_give then 1 else 0 end as line_units
    from ranked
),

posted_lines as (
    select
        journal_id,
        entity,
        period_month,
        entry_type,
        source_type,
        source_id,
        posting_date,
        layer,
        cost_center,
        account,
        counter_account,
        currency,
        fx_rate,
        memo,
        reversed_on,
        cast(line_units * case units when 1 then 1 when 1000 then 0.001 when 10000 then 0.0001 else 0.01 end as decimal(38, 12)) as amount
    from given
    where line_units <> 0
)

select * from posted_lines
