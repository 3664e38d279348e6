{{ config(materialized='table') }}
{# Statement lines in whole minor units: the lines of one source sum to its posted total. #}
with listed as (
    select * from {{ ref('int_statement_direct_lines') }}
    union all
    select * from {{ ref('int_statement_pool_lines') }}
),

weighed as (
    select
        *,
        posted_total_units as units,
        abs(ledger_units) as weight,
        sum(abs(ledger_units)) over (partition by period_month, source_type, source_id, source_date) as weight_sum
    from listed
),

{{ split_exactly('weighed', 'period_month, source_type, source_id, source_date', 'cost_center, target_type, target_id, application, confidence') }}

select * from split
