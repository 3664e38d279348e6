{{ config(materialized='table') }}
{# What the ledger posted for use, by day: only for the months that a document covers in part or together with others. #}
with accounts as (
    select * from {{ ref('billing_accounts') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

keys as (
    select * from {{ ref('int_api_key_months') }}
),

posting_periods as (
    select * from {{ ref('int_posting_periods') }}
),

wanted as (
    select distinct
        coverage.event_month,
        coverage.issuer,
        coverage.billing_account_id,
        coalesce(accounts.provider, coverage.issuer) as provider,
        accounts.entity
    from {{ ref('int_invoice_coverage') }} as coverage
    left join accounts
        on
            coverage.billing_account_id = accounts.billing_account_id
            and coverage.issuer = accounts.issuer
    where coverage.is_part
),

calls as (
    select
        usage_costs.*,
        {{ month_of('usage_costs.occurred_at') }} as period_month,
        slots.known_slot
    from {{ ref('int_usage_costs') }} as usage_costs
    inner join wanted
        on
            usage_costs.provider = wanted.provider
            and usage_costs.billing_account_id = wanted.billing_account_id
            and {{ month_of('usage_costs.occurred_at') }} = wanted.event_month
    {{ knowledge_slot_join('usage_costs.occurred_at', known_at('usage_costs.ingested_at', 'usage_costs.occurred_at')) }}
),

owned as (
    select
        calls.*,
        {{ call_cost_center('calls') }} as bearing_cost_center
    from calls
    {{ call_owner_joins('calls') }}
),

entries as (
    select
        period_month, provider, billing_account_id, layer, bearing_cost_center as cost_center, cast(occurred_at as date) as usage_date,
        known_slot, {{ micros_to_ledger('sum(cost_micros_usd)') }} as amount_usd
    from owned
    group by period_month, provider, billing_account_id, layer, bearing_cost_center, cast(occurred_at as date), known_slot
    union all
    select period_month, provider, billing_account_id, layer, cost_center, usage_date, known_slot, amount_usd
    from {{ ref('int_posting_price_changes') }}
),

placed as (
    select
        wanted.event_month,
        coalesce(cost_centers.entity, wanted.entity, 'default') as entity,
        wanted.issuer,
        wanted.billing_account_id,
        entries.layer,
        entries.cost_center,
        entries.usage_date,
        entries.known_slot,
        entries.amount_usd
    from entries
    inner join wanted
        on
            entries.provider = wanted.provider
            and entries.billing_account_id = wanted.billing_account_id
            and entries.period_month = wanted.event_month
    left join cost_centers on entries.cost_center = cost_centers.cost_center
),

summed as (
    select
        placed.event_month,
        coalesce(posting_periods.posting_month, placed.event_month) as posting_month,
        placed.entity,
        placed.issuer,
        placed.billing_account_id,
        placed.layer,
        placed.cost_center,
        placed.usage_date,
        {{ ledger('sum(placed.amount_usd)') }} as amount_usd
    from placed
    left join posting_periods
        on
            placed.entity = posting_periods.entity
            and placed.event_month = posting_periods.event_month
            and placed.known_slot = posting_periods.known_slot
    group by
        placed.event_month, coalesce(posting_periods.posting_month, placed.event_month), placed.entity, placed.issuer,
        placed.billing_account_id, placed.layer, placed.cost_center, placed.usage_date
)

select * from summed
