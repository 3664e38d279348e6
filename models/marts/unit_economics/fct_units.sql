with units as (
    select * from {{ ref('int_units') }}
),

allocated as (
    select * from {{ ref('int_unit_allocated_costs') }}
),

chances as (
    select * from {{ ref('int_success_by_age') }}
),

clock as (
    select as_of from {{ ref('int_as_of') }}
),

loaded as (
    select
        units.environment,
        units.unit_type,
        units.unit_id,
        units.episode_number,
        units.application,
        units.workflow,
        units.agent_id,
        units.tenant_id,
        units.team,
        units.bearing_cost_center as cost_center,
        units.cohort,
        units.cohort_date,
        units.cohort_month,
        units.opened_at,
        units.first_cost_at,
        units.last_cost_at,
        units.outcome,
        units.outcome_at,
        units.settled_at,
        units.state,
        case units.state
            when 'success' then cast(1 as decimal(38, 12))
            when 'pending' then chances.success_probability
            else cast(0 as decimal(38, 12))
        end as success_probability,
        units.is_attempted,
        units.is_final,
        units.is_reopened,
        coalesce(units.has_tenant_conflict, false) as has_tenant_conflict,
        units.escalation_reason,
        units.request_count,
        units.attempt_count,
        units.retry_count,
        units.input_tokens,
        units.cache_read_tokens,
        units.cache_write_5m_tokens,
        units.cache_write_1h_tokens,
        units.output_tokens,
        units.reasoning_tokens,
        units.review_minutes,
        {% for layer in cost_layers() -%}
        units.{{ layer }}_cost_usd,
        {% endfor -%}
        units.direct_cost_usd,
        coalesce(allocated.allocated_cost_usd, 0) as allocated_cost_usd,
        {{ ledger('units.direct_cost_usd + coalesce(allocated.allocated_cost_usd, 0)') }} as total_cost_usd,
        units.wasted_call_cost_usd,
        units.wasted_api_cost_usd,
        units.estimated_cost_usd,
        {{ ledger("case when units.state in ('failed', 'cancelled') then units.direct_cost_usd + coalesce(allocated.allocated_cost_usd, 0) else units.wasted_call_cost_usd end") }} as wasted_cost_usd,
        units.unpriced_request_count,
        units.usage_missing_count,
        units.csat,
        {{ ledger('units.value_usd') }} as value_usd
    from units
    cross join clock
    left join chances
        on
            units.state = 'pending'
            and units.unit_type = chances.unit_type
            and {{ days_since('units.started_at', 'clock.as_of') }} > chances.open_beyond_days
            and {{ days_since('units.started_at', 'clock.as_of') }} <= chances.open_up_to_days
    left join allocated
        on
            units.environment = allocated.environment
            and units.unit_type = allocated.unit_type
            and units.unit_id = allocated.unit_id
            and units.episode_number = allocated.episode_number
)

select * from loaded
