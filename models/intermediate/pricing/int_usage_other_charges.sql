{{ config(materialized='table') }}
{# Block, tier, minimum, in this order. The quantity of a period grows in the order in which calls became known, so that a
   late call changes no earlier one's charge; a call bears what it adds to the charge of the period so far. #}
with rates as (
    select * from {{ ref('int_usage_other_rates') }}
),

terms as (
    select * from {{ ref('int_price_terms') }}
),

first_tiers as (
    select * from terms where quantity_over = 0
),

blocked as (
    select
        rates.*,
        first_tiers.tier_mode,
        case when first_tiers.tier_period = 'month' then {{ month_of('rates.occurred_at') }} end as tier_month,
        first_tiers.minimum_micros,
        cast({{ whole_blocks('rates.quantity', 'first_tiers.block_quantity') }} as decimal(28, 6)) as charged_quantity
    from rates
    left join first_tiers on rates.terms_id = first_tiers.terms_id
),

counted as (
    select
        *,
        cast(
            sum(charged_quantity) over (
                partition by terms_id, tier_month
                order by {{ known_at('ingested_at', 'occurred_at') }}, occurred_at, request_id, source_system, file_path, landed_row
                rows between unbounded preceding and current row
            ) as decimal(28, 6)
        ) as quantity_after
    from blocked
    where tier_mode is not null
),

tiered as (
    select
        counted.source_system,
        counted.file_path,
        counted.landed_row,
        counted.meter,
        counted.kind,
        sum({{ tier_micros('counted', 'terms') }}) as tier_micros
    from counted
    inner join terms on counted.terms_id = terms.terms_id
    group by 1, 2, 3, 4, 5
),

charged as (
    select
        blocked.*,
        {# What the wide price has charged for the same quantity, in its two parts. #}
        case
            when blocked.kind = 'special'
                then
                    cast((blocked.quantity - blocked.estimated_quantity) * blocked.rate as decimal(18, 6))
                    + cast(cast(blocked.estimated_quantity as decimal(28, 6)) * blocked.rate as decimal(18, 6))
            else 0
        end as charged_micros,
        greatest(
            coalesce(cast(tiered.tier_micros as decimal(18, 6)), cast(blocked.charged_quantity * blocked.exact_rate as decimal(18, 6))),
            blocked.minimum_micros
        ) as whole_micros
    from blocked
    left join tiered
        on
            blocked.landed_row = tiered.landed_row
            and blocked.file_path = tiered.file_path
            and blocked.source_system = tiered.source_system
            and blocked.meter = tiered.meter
            and blocked.kind = tiered.kind
),

added as (
    select
        source_system,
        file_path,
        landed_row,
        provider,
        reported_model,
        occurred_at,
        meter,
        kind,
        quantity,
        currency,
        contract_id,
        rate is null and kind = 'further' as is_unpriced,
        cast(whole_micros - charged_micros as decimal(18, 6)) as charge_micros
    from charged
)

select * from added
