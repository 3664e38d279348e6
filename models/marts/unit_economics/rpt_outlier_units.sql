{# What a unit costs is judged against the median of its own type and month; every reason that applies is named. #}
with units as (
    select
        *,
        input_tokens + output_tokens as tokens
    from {{ ref('fct_units') }}
    where is_attempted
),

medians as (
    select
        environment,
        unit_type,
        cohort_month,
        {{ lower_median('total_cost_usd') }} as median_cost_usd,
        {{ lower_median('tokens') }} as median_tokens
    from units
    where direct_cost_usd > 0
    group by environment, unit_type, cohort_month
),

ranked as (
    select
        *,
        row_number() over (
            partition by environment, unit_type, cohort_month order by total_cost_usd desc, unit_id, episode_number
        ) as place
    from units
),

judged as (
    select
        units.*,
        medians.median_cost_usd,
        units.place <= top_limit.value and units.total_cost_usd > 0 as is_among_costliest,
        units.total_cost_usd >= cost_limit.value * medians.median_cost_usd and medians.median_cost_usd > 0 as is_costly,
        units.tokens >= token_limit.value * medians.median_tokens and medians.median_tokens > 0 as is_token_heavy,
        units.retry_count >= retry_limit.value as is_retried,
        units.total_cost_usd < 0 as is_negative
    from ranked as units
    inner join medians
        on
            units.environment = medians.environment
            and units.unit_type = medians.unit_type
            and units.cohort_month = medians.cohort_month
    {{ threshold_join('outlier_cost_multiple', 'cost_limit', 'units.cohort_date') }}
    {{ threshold_join('outlier_token_multiple', 'token_limit', 'units.cohort_date') }}
    {{ threshold_join('outlier_retry_count', 'retry_limit', 'units.cohort_date') }}
    {{ threshold_join('outlier_top_count', 'top_limit', 'units.cohort_date') }}
),

listed as (
    select
        environment,
        unit_type,
        unit_id,
        episode_number,
        cohort_month,
        application,
        workflow,
        tenant_id,
        agent_id,
        concat(
            case when is_costly then 'cost;' else '' end,
            case when is_among_costliest then 'costliest;' else '' end,
            case when is_token_heavy then 'tokens;' else '' end,
            case when is_retried then 'retries;' else '' end,
            case when is_negative then 'negative_cost;' else '' end
        ) as reasons,
        {{ ledger('total_cost_usd') }} as cost_usd,
        {{ ledger('median_cost_usd') }} as median_cost_usd,
        {{ money_ratio('total_cost_usd', 'median_cost_usd') }} as multiple_of_median,
        tokens,
        retry_count as retries,
        review_minutes,
        state,
        case
            when is_negative then 'check the credit that made the cost negative'
            when human_review_cost_usd * 2 > total_cost_usd then 'review took most of the cost: look at why this case needed it'
            when is_retried then 'cap retries or validate the input before the call'
            when is_token_heavy then 'cap the context or route long cases to a cheaper model'
            else 'look at the calls of this unit in fct_usage_costs'
        end as suggestion
    from judged
    where is_costly or is_among_costliest or is_token_heavy or is_retried or is_negative
)

select * from listed
