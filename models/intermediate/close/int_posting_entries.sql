{# The ledger before it is posted: direct costs, late prices, corrections, pools and what was booked by hand, each with when it
   was known. A pool is posted as a whole; who bears it is the matter of chargeback. #}
with direct_costs as (
    select * from {{ ref('int_direct_costs_monthly') }}
),

price_changes as (
    select * from {{ ref('int_posting_price_changes') }}
),

replacements as (
    select * from {{ ref('int_posting_replacements') }}
),

review_owners as (
    select * from {{ ref('int_posting_review_owners') }}
),

shared_cost_months as (
    select * from {{ ref('int_shared_cost_months') }}
),

shared_cost_slots as (
    select * from {{ ref('int_shared_cost_slots') }}
),

adjustments as (
    select * from {{ ref('manual_adjustments') }}
),

fx_rates as (
    select * from {{ ref('int_spot_rates') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

entries as (
    select
        period_month, environment, source, layer, cost_center, provider, billing_account_id, cast(null as {{ dbt.type_string() }}) as entity,
        known_slot, last_known_at as known_at, cost_usd as amount_usd, 'late_event' as reason
    from direct_costs
    union all
    select
        period_month, environment, 'usage' as source, layer, cost_center, provider, billing_account_id,
        cast(null as {{ dbt.type_string() }}) as entity, known_slot, known_at, amount_usd, reason
    from price_changes
    union all
    select
        period_month, environment, source, layer, cost_center, cast(null as {{ dbt.type_string() }}) as provider,
        cast(null as {{ dbt.type_string() }}) as billing_account_id, cast(null as {{ dbt.type_string() }}) as entity,
        known_slot, known_at, amount_usd, reason
    from replacements
    union all
    select
        period_month, environment, 'review' as source, 'human_review' as layer, cost_center, cast(null as {{ dbt.type_string() }}) as provider,
        cast(null as {{ dbt.type_string() }}) as billing_account_id, cast(null as {{ dbt.type_string() }}) as entity,
        known_slot, known_at, amount_usd, reason
    from review_owners
    union all
    select
        months.period_month, months.environment, 'shared' as source, months.layer, '__shared__' as cost_center,
        cast(null as {{ dbt.type_string() }}) as provider, months.billing_account_id, cast(null as {{ dbt.type_string() }}) as entity,
        slots.known_slot, slots.known_at, {{ pico_to_ledger('months.amount_usd_pico') }} as amount_usd,
        case when months.is_taken_back then 'correction' else 'late_event' end as reason
    from shared_cost_months as months
    inner join shared_cost_slots as slots
        on
            months.booking_id = slots.booking_id
            and months.period_start = slots.period_start
            and months.period_month = slots.period_month
    union all
    select
        {{ month_of_period('adjustments.period') }} as period_month, 'production' as environment, 'manual' as source, adjustments.layer,
        '__shared__' as cost_center, cast(null as {{ dbt.type_string() }}) as provider,
        cast(null as {{ dbt.type_string() }}) as billing_account_id, adjustments.entity,
        slots.known_slot, adjustments.recorded_at as known_at,
        {{ micros_to_ledger(in_reporting_currency('adjustments.amount * 1000000', 'adjustments.currency', 'fx_rates.rate', 'adjustments.recorded_at')) }} as amount_usd,
        'manual' as reason
    from adjustments
    left join fx_rates on adjustments.currency = fx_rates.currency and cast(adjustments.recorded_at as date) = fx_rates.rate_date
    {{ knowledge_slot_join(month_of_period('adjustments.period'), 'adjustments.recorded_at') }}
),

owned as (
    select
        entries.*,
        coalesce(accounts.issuer, entries.provider) as issuer,
        coalesce(entries.entity, cost_centers.entity, accounts.entity, 'default') as bearing_entity
    from entries
    left join cost_centers on entries.cost_center = cost_centers.cost_center
    left join accounts
        on
            entries.billing_account_id = accounts.billing_account_id
            and (entries.provider is null or entries.provider = accounts.provider)
),

summed as (
    select
        period_month as event_month,
        known_slot,
        bearing_entity as entity,
        environment,
        source,
        layer,
        cost_center,
        issuer,
        billing_account_id,
        reason,
        max(known_at) as known_at,
        {{ ledger('sum(amount_usd)') }} as amount_usd
    from owned
    group by period_month, known_slot, bearing_entity, environment, source, layer, cost_center, issuer, billing_account_id, reason
)

select * from summed
