with statement_sources as (
    select
        period_month,
        environment,
        case
            when cost_center = '__unassigned__' then 'unallocated'
            when cost_center_confidence = 'direct' then 'direct'
            else 'modelled'
        end as bucket,
        cost_usd as amount
    from {{ ref('int_direct_costs_monthly') }}
    where untraced_key_id is null
    union all
    select
        sources.period_month,
        sources.environment,
        case borne.cost_center
            when '__idle__' then 'idle'
            when '__unallocated__' then 'unallocated'
            when '__unassigned__' then 'unallocated'
            else 'modelled'
        end as bucket,
        {{ pico_to_ledger('borne.allocated_units') }} as amount
    from {{ ref('int_allocated_costs_borne') }} as borne
    inner join {{ ref('int_allocation_sources') }} as sources on borne.source_number = sources.source_number
),

thresholds as (
    select * from {{ ref('coverage_thresholds') }}
),

{# Coverage is of gross charges: a credit would make the share that nobody owns look larger than it is. #}
summed as (
    select
        period_month,
        environment,
        {% for bucket in ['direct', 'modelled', 'idle', 'unallocated'] -%}
        {{ ledger("sum(case when amount > 0 and bucket = '" ~ bucket ~ "' then amount else 0 end)") }} as {{ bucket }}_cost_usd,
        {% endfor -%}
        {{ ledger('sum(case when amount > 0 then amount else 0 end)') }} as gross_cost_usd,
        {{ ledger('sum(case when amount < 0 then amount else 0 end)') }} as credits_usd
    from statement_sources
    group by period_month, environment
),

shared as (
    select
        summed.*,
        {% for bucket in ['direct', 'modelled', 'idle', 'unallocated'] -%}
        {{ money_ratio('summed.' ~ bucket ~ '_cost_usd', 'summed.gross_cost_usd') }} as {{ bucket }}_share,
        {% endfor -%}
        {{ money_ratio('(summed.gross_cost_usd - summed.unallocated_cost_usd)', 'summed.gross_cost_usd') }} as allocation_coverage,
        thresholds.warn_below,
        thresholds.block_below
    from summed
    left join thresholds
        on
            summed.environment = thresholds.environment
            and summed.period_month >= thresholds.valid_from
            and summed.period_month < coalesce(thresholds.valid_to, cast('9999-12-31' as date))
),

judged as (
    select
        *,
        case
            when warn_below is null then 'no_threshold'
            when allocation_coverage < block_below then 'block'
            when allocation_coverage < warn_below then 'warn'
            else 'ok'
        end as status
    from shared
)

select * from judged
