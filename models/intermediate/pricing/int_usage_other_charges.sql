{{ config(materialized='table') }}
{# Block, tier, minimum, in this order. The quantity of a period grows in the order in which calls became known, so that a
   late call changes no earlier one's charge; a call bears what it adds to the charge of the period so far. By every book that a
   call may be priced by: as it is, and as it was known at the instants at which a late price changed it. #}
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

{# A version that was replaced counted until then. #}
moved as (
    {% for moment, sign in {known_at('ingested_at', 'occurred_at'): '', 'replaced_at': '-'}.items() -%}
    select
        *,
        {{ moment }} as moved_at,
        {{ sign }}charged_quantity as moved_quantity
    from blocked
    where tier_mode is not null{{ ' and replaced_at is not null' if sign }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

counted as (
    select
        source_system, file_path, landed_row, request_id, billing_account_id, occurred_at, meter, kind, price_book, terms_id, tier_month,
        moved_at,
        moved_quantity as charged_quantity,
        moved_quantity > 0 as is_said,
        cast(
            sum(moved_quantity) over (
                partition by price_book, terms_id, tier_month
                order by
                    moved_at, moved_quantity > 0, occurred_at, request_id, source_system, file_path, landed_row
                rows between unbounded preceding and current row
            ) as decimal(28, 6)
        ) as quantity_after
    from moved
),

added as (
    select
        counted.source_system, counted.file_path, counted.landed_row, counted.request_id, counted.billing_account_id, counted.meter,
        counted.kind, counted.price_book, counted.terms_id, counted.tier_month, counted.moved_at, counted.is_said,
        sum({{ tier_micros('counted', 'terms') }}) as added_micros
    from counted
    inner join terms on counted.terms_id = terms.terms_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
),

{# A correction bears what taking its former versions back has left, so that all calls together cost what their quantity does. #}
tiered as (
    select
        *,
        sum(added_micros) over (
            partition by source_system, request_id, billing_account_id, meter, kind, price_book, terms_id, tier_month
            order by moved_at, is_said
            rows between unbounded preceding and current row
        ) as tier_micros
    from added
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
            tiered.is_said
            and blocked.price_book = tiered.price_book
            and blocked.landed_row = tiered.landed_row
            and blocked.file_path = tiered.file_path
            and blocked.source_system = tiered.source_system
            and blocked.meter = tiered.meter
            and blocked.kind = tiered.kind
),

{# One currency a call and book, as in int_prices: what is priced in another one than the contract's has no price here. #}
differing as (
    select
        source_system,
        file_path,
        landed_row,
        price_book,
        own_book,
        replaced_at,
        provider,
        reported_model,
        occurred_at,
        meter,
        kind,
        quantity,
        currency,
        contract_id,
        rate is null and kind = 'further' as is_unpriced,
        cast(whole_micros - charged_micros as decimal(18, 6)) as charge_micros,
        coalesce(
            max(case when contract_id is not null then currency end) over (partition by source_system, file_path, landed_row, price_book),
            max(currency) over (partition by source_system, file_path, landed_row, price_book)
        ) as call_currency
    from charged
)

select * from differing
