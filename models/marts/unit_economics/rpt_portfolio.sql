{# The total row is a ratio of sums. Its year-on-year rate holds today's volumes against last year's unit costs, and its
   margin change is null: changes of margin in points do not add up. #}
with months as (
    select * from {{ ref('int_portfolio_months') }}
),

published as (
    select
        *,
        max(case when basis = 'cost' then 1 else 0 end) over (partition by unit_type) as has_cost
    from {{ ref('benchmarks') }}
    where currency = '{{ checked_var('reporting_currency') }}'
),

{# A cost compares with costs; somebody's price stands in only where no cost was published, and is marked. #}
benchmarks as (
    select
        unit_type,
        min(amount) as benchmark_low,
        max(amount) as benchmark_high,
        case when max(has_cost) = 1 then 'cost' else 'price, not like for like' end as benchmark_basis
    from published
    where basis = 'cost' or has_cost = 0
    group by unit_type
),

by_type as (
    select
        months.period_month,
        months.unit_type,
        false as is_total,
        months.volume,
        months.cost_per_unit_usd,
        months.total_cost_usd,
        months.final_cost_usd,
        months.cohort_maturity,
        {{ money_ratio('(months.cost_per_unit_usd - months.year_before_cost_per_unit_usd)', 'months.year_before_cost_per_unit_usd') }} as year_on_year_rate,
        months.target_cost_usd,
        {{ ledger('benchmarks.benchmark_low') }} as benchmark_low_usd,
        {{ ledger('benchmarks.benchmark_high') }} as benchmark_high_usd,
        benchmarks.benchmark_basis,
        {{ money_ratio('(months.cost_per_unit_usd - benchmarks.benchmark_low)', 'benchmarks.benchmark_low') }} as benchmark_low_gap_rate,
        {{ money_ratio('(months.cost_per_unit_usd - benchmarks.benchmark_high)', 'benchmarks.benchmark_high') }} as benchmark_high_gap_rate,
        months.human_cost_per_unit_usd,
        months.volume_with_baseline,
        {{ money_ratio('months.volume_with_baseline', 'months.volume') }} as baseline_coverage,
        months.savings_usd,
        months.quality_adjusted_savings_usd,
        months.cost_per_avoided_action_usd,
        months.revenue_usd,
        months.other_direct_cost_usd,
        months.margin_usd,
        months.margin_rate,
        {{ money_ratio('months.total_cost_usd', '(months.revenue_usd - months.other_direct_cost_usd)') }} as ai_share_of_margin,
        {{ ledger('months.margin_rate - months.previous_margin_rate') }} as margin_change
    from months
    left join benchmarks on months.unit_type = benchmarks.unit_type
),

totals as (
    select
        period_month,
        cast(sum(volume) as bigint) as volume,
        {{ ledger('sum(total_cost_usd)') }} as total_cost_usd,
        {{ ledger('sum(final_cost_usd)') }} as final_cost_usd,
        {{ money_ratio('sum(final_units)', 'sum(attempted_units)') }} as cohort_maturity,
        {{ ledger('sum(case when year_before_cost_per_unit_usd is not null then final_cost_usd end)') }} as comparable_cost_usd,
        {{ ledger('sum(volume * year_before_cost_per_unit_usd)') }} as year_before_cost_usd,
        cast(sum(volume_with_baseline) as bigint) as volume_with_baseline,
        {{ ledger('sum(savings_usd)') }} as savings_usd,
        {{ ledger('case when count(*) = count(quality_adjusted_savings_usd) then sum(quality_adjusted_savings_usd) end') }} as quality_adjusted_savings_usd,
        {{ ledger('sum(revenue_usd)') }} as revenue_usd,
        {{ ledger('sum(case when revenue_usd is not null then other_direct_cost_usd end)') }} as other_direct_cost_usd,
        {{ ledger('sum(case when revenue_usd is not null then total_cost_usd end)') }} as sold_cost_usd,
        {{ ledger('sum(margin_usd)') }} as margin_usd
    from months
    group by period_month
),

in_total as (
    select
        period_month,
        '__total__' as unit_type,
        true as is_total,
        volume,
        {{ money_ratio('final_cost_usd', 'volume') }} as cost_per_unit_usd,
        total_cost_usd,
        final_cost_usd,
        cohort_maturity,
        {{ money_ratio('(comparable_cost_usd - year_before_cost_usd)', 'year_before_cost_usd') }} as year_on_year_rate,
        cast(null as decimal(38, 12)) as target_cost_usd,
        cast(null as decimal(38, 12)) as benchmark_low_usd,
        cast(null as decimal(38, 12)) as benchmark_high_usd,
        cast(null as {{ dbt.type_string() }}) as benchmark_basis,
        cast(null as decimal(38, 12)) as benchmark_low_gap_rate,
        cast(null as decimal(38, 12)) as benchmark_high_gap_rate,
        cast(null as decimal(38, 12)) as human_cost_per_unit_usd,
        volume_with_baseline,
        {{ money_ratio('volume_with_baseline', 'volume') }} as baseline_coverage,
        savings_usd,
        quality_adjusted_savings_usd,
        cast(null as decimal(38, 12)) as cost_per_avoided_action_usd,
        revenue_usd,
        other_direct_cost_usd,
        margin_usd,
        {{ money_ratio('margin_usd', 'revenue_usd') }} as margin_rate,
        {{ money_ratio('sold_cost_usd', '(revenue_usd - other_direct_cost_usd)') }} as ai_share_of_margin,
        cast(null as decimal(38, 12)) as margin_change
    from totals
)

select * from by_type
union all
select * from in_total
