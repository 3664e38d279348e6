{% set bounds = {
    'low_usd': 'delta_low', 'high_usd': 'delta_high', 'log_low_usd': 'log_low', 'log_high_usd': 'log_high',
    'fieller_low_usd': 'fieller_low', 'fieller_high_usd': 'fieller_high',
} %}
with arms as (
    select * from {{ ref('int_comparison_arms') }}
),

comparisons as (
    select * from {{ ref('comparisons') }}
),

baseline as (
    select * from arms where arm = 'baseline'
),

treatment as (
    select * from arms where arm = 'treatment'
),

normal as (
    select
        confidence_level,
        cast(quantile as double) as z
    from {{ ref('t_quantiles') }}
    where degrees_of_freedom = 1000000
),

paired as (
    select
        comparisons.comparison_id,
        comparisons.baseline_arm,
        comparisons.treatment_arm,
        comparisons.cluster,
        coalesce(baseline.stratum, treatment.stratum) as stratum,
        {% for arm in ['baseline', 'treatment'] -%}
        coalesce({{ arm }}.clusters, 0) as {{ arm }}_clusters,
        coalesce({{ arm }}.units, 0) as {{ arm }}_units,
        coalesce({{ arm }}.successful_units, 0) as {{ arm }}_successful_units,
        coalesce({{ arm }}.cost_usd, 0) as {{ arm }}_cost_usd,
        {{ arm }}.cost_per_successful_unit_usd as {{ arm }}_cost_per_successful_unit_usd,
        {{ arm }}.ratio as {{ arm }}_ratio,
        {{ arm }}.standard_error as {{ arm }}_standard_error,
        {% for name, column in bounds.items() -%}
        {{ statistic(arm ~ '.' ~ column) }} as {{ arm }}_cost_per_successful_unit_{{ name }},
        {% endfor -%}
        {% endfor -%}
        normal.z
    from baseline
    full outer join treatment
        on baseline.comparison_id = treatment.comparison_id and baseline.stratum = treatment.stratum
    inner join comparisons on coalesce(baseline.comparison_id, treatment.comparison_id) = comparisons.comparison_id
    left join normal on comparisons.confidence_level = normal.confidence_level
),

strata as (
    select
        *,
        baseline_successful_units + treatment_successful_units as successes,
        baseline_units + treatment_units as units,
        baseline_successful_units > 0 and treatment_successful_units > 0 as is_shared
    from paired
    where stratum <> 'overall'
),

{# Strata in which an arm has no success say nothing of the other; they are left out and the overlap says how much is left. #}
adjusted as (
    select
        comparison_id,
        sum(case when is_shared then cast(treatment_cost_usd as double) * baseline_successful_units / successes end)
        / nullif(sum(case when is_shared then cast(baseline_cost_usd as double) * treatment_successful_units / successes end), 0) as adjusted_ratio,
        {# Both arms at the baseline's mix of successes: weights by attempts could reverse the sign. #}
        {% for arm in ['baseline', 'treatment'] -%}
        {{ money_ratio('sum(case when is_shared then baseline_successful_units * ' ~ arm ~ '_cost_per_successful_unit_usd end)',
            'sum(case when is_shared then baseline_successful_units end)') }} as {{ arm }}_standardised,
        {% endfor -%}
        {# A shared stratum without a standard error leaves the adjusted interval open. #}
        case
            when sum(case when is_shared and treatment_standard_error + baseline_standard_error is null then 1 else 0 end) = 0
                then
                    max(z) * sqrt(sum(case when is_shared then
                        power(baseline_successful_units, 2) * (power(treatment_standard_error, 2) + power(baseline_standard_error, 2))
                    end)) / nullif(sum(case when is_shared then baseline_successful_units end), 0)
        end as adjusted_margin,
        cast(sum(case when is_shared then units else 0 end) as bigint) as shared_units,
        cast(sum(units) as bigint) as all_units
    from strata
    group by comparison_id
),

compared as (
    select
        paired.*,
        paired.treatment_cost_per_successful_unit_usd - paired.baseline_cost_per_successful_unit_usd as difference,
        {{ statistic('paired.z * sqrt(power(paired.treatment_standard_error, 2) + power(paired.baseline_standard_error, 2))') }} as margin,
        paired.treatment_ratio / nullif(paired.baseline_ratio, 0) as crude,
        case
            when paired.stratum = 'overall' then adjusted.adjusted_ratio
            else paired.treatment_ratio / nullif(paired.baseline_ratio, 0)
        end as adjusted,
        {% for arm in ['baseline', 'treatment'] -%}
        case when paired.stratum = 'overall' then adjusted.{{ arm }}_standardised else paired.{{ arm }}_cost_per_successful_unit_usd end as {{ arm }}_standardised,
        {% endfor -%}
        case when paired.stratum = 'overall' then {{ statistic('adjusted.adjusted_margin') }} end as adjusted_margin,
        case when paired.stratum = 'overall' then {{ money_ratio('adjusted.shared_units', 'adjusted.all_units') }} end as strata_overlap
    from paired
    left join adjusted on paired.comparison_id = adjusted.comparison_id
),

judged as (
    select
        comparison_id,
        stratum,
        baseline_arm,
        treatment_arm,
        {% for arm in ['baseline', 'treatment'] -%}
        {{ arm }}_units,
        {{ arm }}_successful_units,
        {{ arm }}_cost_usd,
        {{ arm }}_cost_per_successful_unit_usd,
        {% for name in bounds -%}
        {{ arm }}_cost_per_successful_unit_{{ name }},
        {% endfor -%}
        {% endfor -%}
        {{ ledger('difference') }} as difference_usd,
        {{ ledger('difference - margin') }} as difference_low_usd,
        {{ ledger('difference + margin') }} as difference_high_usd,
        {{ statistic('crude') }} as crude_ratio,
        {{ statistic('adjusted') }} as adjusted_ratio,
        baseline_standardised as baseline_standardised_cost_usd,
        treatment_standardised as treatment_standardised_cost_usd,
        {{ ledger('treatment_standardised - baseline_standardised - adjusted_margin') }} as adjusted_difference_low_usd,
        {{ ledger('treatment_standardised - baseline_standardised + adjusted_margin') }} as adjusted_difference_high_usd,
        strata_overlap,
        concat('delta method, clusters by ', cluster) as method,
        case
            when baseline_clusters < 2 or treatment_clusters < 2 or margin is null or strata_overlap = 0 then 'insufficient'
            when (crude < 1 and adjusted > 1) or (crude > 1 and adjusted < 1) then 'mix_effect'
            {# A difference that an equal mix does not confirm is the mix's. #}
            when difference + margin < 0 and treatment_standardised - baseline_standardised + adjusted_margin >= 0 then 'mix_effect'
            when difference - margin > 0 and treatment_standardised - baseline_standardised - adjusted_margin <= 0 then 'mix_effect'
            when difference + margin < 0 then 'better'
            when difference - margin > 0 then 'worse'
            else 'not_significant'
        end as verdict
    from compared
)

select * from judged
