{# Cost per success of each arm with its uncertainty, by the formulas of semantics.md section 6. Money is exact; only the
   statistics are floating point, and they never flow back into money. #}
with units as (
    select comparison_id, arm, confidence_level, stratum, cluster_id, cost_usd, success from {{ ref('int_comparison_units') }}
    union all
    select comparison_id, arm, confidence_level, 'overall' as stratum, cluster_id, cost_usd, success from {{ ref('int_comparison_units') }}
),

clusters as (
    select
        comparison_id,
        arm,
        confidence_level,
        stratum,
        cluster_id,
        count(*) as units,
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        sum(success) as successes
    from units
    group by comparison_id, arm, confidence_level, stratum, cluster_id
),

sums as (
    select
        comparison_id,
        arm,
        confidence_level,
        stratum,
        count(*) as clusters,
        cast(sum(units) as bigint) as units,
        cast(sum(successes) as bigint) as successful_units,
        {{ ledger('sum(cost_usd)') }} as cost_usd,
        cast(sum(cost_usd) as double) / nullif(sum(successes), 0) as ratio,
        var_samp(cast(cost_usd as double)) / count(*) as v_cc,
        var_samp(cast(successes as double)) / count(*) as v_ss,
        covar_samp(cast(cost_usd as double), cast(successes as double)) / count(*) as v_cs,
        cast(sum(cost_usd) as double) / count(*) as m_c,
        cast(sum(successes) as double) / count(*) as m_s
    from clusters
    group by comparison_id, arm, confidence_level, stratum
),

residuals as (
    select
        clusters.comparison_id,
        clusters.arm,
        clusters.stratum,
        sum(power(cast(clusters.cost_usd as double) - sums.ratio * clusters.successes, 2)) as squares
    from clusters
    inner join sums
        on clusters.comparison_id = sums.comparison_id and clusters.arm = sums.arm and clusters.stratum = sums.stratum
    group by clusters.comparison_id, clusters.arm, clusters.stratum
),

{# Between two rows of the table the smaller degrees of freedom hold, which widens the interval. #}
quantiles as (
    select
        sums.comparison_id,
        sums.arm,
        sums.stratum,
        cast(min(t_quantiles.quantile) as double) as t
    from sums
    inner join {{ ref('t_quantiles') }} as t_quantiles
        on
            sums.confidence_level = t_quantiles.confidence_level
            and t_quantiles.degrees_of_freedom <= sums.clusters - 1
    group by sums.comparison_id, sums.arm, sums.stratum
),

estimated as (
    select
        sums.*,
        quantiles.t,
        case
            when sums.clusters > 1
                then sqrt(cast(sums.clusters as double) / (sums.clusters - 1) * residuals.squares) / nullif(sums.successful_units, 0)
        end as standard_error,
        power(sums.m_s, 2) - power(quantiles.t, 2) * sums.v_ss as f_a,
        sums.m_c * sums.m_s - power(quantiles.t, 2) * sums.v_cs as f_b,
        power(sums.m_c, 2) - power(quantiles.t, 2) * sums.v_cc as f_c
    from sums
    left join residuals
        on sums.comparison_id = residuals.comparison_id and sums.arm = residuals.arm and sums.stratum = residuals.stratum
    left join quantiles
        on sums.comparison_id = quantiles.comparison_id and sums.arm = quantiles.arm and sums.stratum = quantiles.stratum
),

bounded as (
    select
        comparison_id,
        arm,
        confidence_level,
        stratum,
        clusters,
        units,
        successful_units,
        cost_usd,
        {{ money_ratio('cost_usd', 'successful_units') }} as cost_per_successful_unit_usd,
        ratio,
        standard_error,
        ratio - t * standard_error as delta_low,
        ratio + t * standard_error as delta_high,
        ratio * exp(-t * standard_error / nullif(ratio, 0)) as log_low,
        ratio * exp(t * standard_error / nullif(ratio, 0)) as log_high,
        case when f_a > 0 and f_b * f_b >= f_a * f_c then (f_b - sqrt(f_b * f_b - f_a * f_c)) / f_a end as fieller_low,
        case when f_a > 0 and f_b * f_b >= f_a * f_c then (f_b + sqrt(f_b * f_b - f_a * f_c)) / f_a end as fieller_high
    from estimated
)

select * from bounded
