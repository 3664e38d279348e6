-- Does a second method agree with the intervals of rpt_cost_comparisons? Cost per success of each arm by bootstrap: 2,000
-- repetitions in which each cluster weighs Poisson(1), drawn from the digest of its name, the repetition and a seed, so
-- that everyone gets the same interval; linear percentiles. It costs 2,000 rows per cluster: name one comparison at a time.
--   dbt compile -s comparison_bootstrap --vars '{comparison_id: claims_small_model}'
-- Floating point is right here: these are statistics and never flow back into money.
{% set cuts = ['0.367879441', '0.735758882', '0.919698603', '0.981011843', '0.996340153', '0.999405815'] %}
with units as (
    select * from {{ ref('int_comparison_units') }}
    {%- if var('comparison_id', none) %}
    where comparison_id = '{{ var('comparison_id') | replace("'", "''") }}'
    {%- endif %}
),

clusters as (
    select
        comparison_id,
        arm,
        confidence_level,
        cluster_id,
        cast(sum(cost_usd) as double) as cost_usd,
        cast(sum(success) as double) as successes
    from units
    group by comparison_id, arm, confidence_level, cluster_id
),

numbers as (
    {{ small_numbers() }}
),

repetitions as (
    select hundreds.n * 100 + ones.n as repetition
    from numbers as hundreds
    cross join numbers as ones
    where hundreds.n < 20 and ones.n < 100
),

digested as (
    select
        clusters.*,
        repetitions.repetition,
        md5(concat(clusters.cluster_id, ':', cast(repetitions.repetition as {{ dbt.type_string() }}), ':seed42')) as digest
    from clusters
    cross join repetitions
),

drawn as (
    select
        *,
        (
            {% for position in range(1, 9) -%}
            (instr('0123456789abcdef', substring(digest, {{ position }}, 1)) - 1) * cast({{ 16 ** (8 - position) }} as double){{ ' +' if not loop.last }}
            {% endfor %}
        ) / cast(4294967296 as double) as u
    from digested
),

weighted as (
    select
        *,
        {% for cut in cuts %}case when u >= {{ cut }} then 1 else 0 end{{ ' + ' if not loop.last }}{% endfor %} as weight
    from drawn
),

repeated as (
    select
        comparison_id,
        arm,
        confidence_level,
        repetition,
        sum(cost_usd * weight) / nullif(sum(successes * weight), 0) as ratio
    from weighted
    group by comparison_id, arm, confidence_level, repetition
),

ranked as (
    select
        *,
        row_number() over (partition by comparison_id, arm order by ratio) - 1 as place,
        count(*) over (partition by comparison_id, arm) - 1 as last_place
    from repeated
    where ratio is not null
),

sides as (
    select 'low' as side
    union all
    select 'high' as side
),

bounds as (
    select
        ranked.*,
        sides.side,
        ranked.last_place * cast(
            case sides.side when 'low' then 1 - ranked.confidence_level else 1 + ranked.confidence_level end as double
        ) / 2 as wanted_place
    from ranked
    cross join sides
),

{# Between two repetitions the bound lies on the line. #}
interpolated as (
    select
        comparison_id,
        arm,
        max(last_place) + 1 as repetitions,
        sum(case when side = 'low' and abs(wanted_place - place) < 1 then ratio * (1 - abs(wanted_place - place)) end) as low_usd,
        sum(case when side = 'high' and abs(wanted_place - place) < 1 then ratio * (1 - abs(wanted_place - place)) end) as high_usd
    from bounds
    group by comparison_id, arm
)

select
    interpolated.comparison_id,
    interpolated.arm,
    interpolated.repetitions,
    round(interpolated.low_usd, 4) as cost_per_success_low_usd,
    round(interpolated.high_usd, 4) as cost_per_success_high_usd
from interpolated
order by interpolated.comparison_id, interpolated.arm
