{% set dimensions = ['cohort_date', 'environment', 'application', 'workflow', 'unit_type', 'tenant_id', 'team', 'cost_center', 'agent_id', 'cohort'] %}
with units as (
    select * from {{ ref('fct_units') }} where is_attempted
),

summed as (
    select
        {{ dimensions | join(',\n        ') }},
        sum(case when state <> 'cancelled' then 1 else 0 end) as attempted_units,
        {% for state, name in {'success': 'successful', 'failed': 'failed', 'pending': 'pending', 'cancelled': 'cancelled'}.items() -%}
        sum(case when state = '{{ state }}' then 1 else 0 end) as {{ name }}_units,
        {% endfor -%}
        {{ ledger('sum(success_probability)') }} as expected_successful_units,
        sum(request_count) as request_count,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd,
        {{ ledger('sum(direct_cost_usd)') }} as direct_cost_usd,
        {{ ledger('sum(allocated_cost_usd)') }} as allocated_cost_usd,
        {% for state, name in {'success': 'successful', 'failed': 'failed', 'pending': 'pending', 'cancelled': 'cancelled'}.items() -%}
        {{ ledger("coalesce(sum(case when state = '" ~ state ~ "' then total_cost_usd end), 0)") }} as {{ name }}_cost_usd,
        {% endfor -%}
        {% for layer in cost_layers() -%}
        {{ ledger('sum(' ~ layer ~ '_cost_usd)') }} as {{ layer }}_cost_usd,
        {% endfor -%}
        {{ ledger('sum(wasted_cost_usd)') }} as wasted_cost_usd,
        sum(unpriced_request_count) as unpriced_request_count,
        sum(usage_missing_count) as usage_missing_count
    from units
    group by {{ dimensions | join(', ') }}
),

typed as (
    select
        {{ dimensions | join(',\n        ') }},
        {% for count in ['attempted_units', 'successful_units', 'failed_units', 'pending_units', 'cancelled_units', 'request_count', 'unpriced_request_count', 'usage_missing_count'] -%}
        cast({{ count }} as bigint) as {{ count }},
        {% endfor -%}
        expected_successful_units,
        total_cost_usd,
        direct_cost_usd,
        allocated_cost_usd,
        successful_cost_usd,
        failed_cost_usd,
        pending_cost_usd,
        cancelled_cost_usd,
        {% for layer in cost_layers() -%}
        {{ layer }}_cost_usd,
        {% endfor -%}
        wasted_cost_usd
    from summed
)

select * from typed
