-- Which calls, charges and reviews stand behind the direct lines of a statement? The `ledger_amount_usd` of the rows of a line
-- sums to the line's. An adjustment is traced as the line that it adjusts. Replace `chosen` by the statement in question.
{% set owner_types = ['team', 'workflow', 'application', 'agent'] %}
{% set naming = ['environment', 'application', 'workflow', 'agent_id', 'tenant_id', 'team', 'cost_center', 'provider', 'billing_account_id', 'api_key_id'] %}
with chosen as (
    select * from {{ ref('rpt_chargeback_statements') }} where statement_id = '2026-10/cx-operations/USD'
),

lines as (
    select
        chosen.line_id as chosen_line_id,
        described.*
    from chosen
    inner join {{ ref('int_statement_lines_described') }} as described
        on coalesce(chosen.adjusts_line_id, chosen.line_id) = described.line_id
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

bearers as (
    select distinct
        {{ text_key(['period_month'] + naming) }} as naming_key,
        bearing_cost_center,
        cost_center_confidence,
        untraced_key_id
    from {{ ref('int_usage_costs_owned') }}
),

keyed as (
    select
        *,
        coalesce(model, reported_model) as model_or_reported,
        {{ text_key([month_of('occurred_at')] + naming) }} as naming_key
    from {{ ref('int_usage_costs') }}
),

calls as (
    select
        lines.chosen_line_id,
        'call' as evidence,
        calls.request_id as reference,
        cast(calls.requests as decimal(38, 6)) as quantity,
        coalesce({{ micros_to_ledger('calls.cost_micros_usd') }}, 0) as ledger_amount_usd,
        concat(calls.model_or_reported, ', ', calls.cost_basis, ', ', cast(calls.occurred_at as varchar)) as detail,
        calls.file_path as source_file
    from keyed as calls
    inner join bearers on calls.naming_key = bearers.naming_key and bearers.untraced_key_id is null
    inner join lines
        on
            lines.source_type = 'usage'
            and {{ month_of('calls.occurred_at') }} = lines.period_month
            and calls.environment = lines.environment
            and calls.layer = lines.layer
            and calls.provider = lines.vendor
            and coalesce(calls.billing_account_id, '') = coalesce(lines.billing_account_id, '')
            and coalesce(calls.application, '') = coalesce(lines.application, '')
            and calls.cost_currency = lines.currency
            and bearers.bearing_cost_center = lines.cost_center
            and bearers.cost_center_confidence = lines.confidence
),

records as (
    select
        'metered' as source_type, charge_id as reference, occurred_at, environment, layer, application, workflow, agent_id, team,
        cost_center, quantity, cost_micros_usd, service as detail
    from {{ ref('int_metered_costs') }}
    union all
    select
        'review' as source_type, reviews.review_id as reference, reviews.started_at as occurred_at, reviews.environment,
        'human_review' as layer, units.application, units.workflow, units.agent_id, coalesce(units.team, reviews.team) as team,
        units.cost_center, reviews.review_minutes as quantity, reviews.cost_micros_usd, reviews.reviewer_role as detail
    from {{ ref('int_human_reviews') }} as reviews
    left join {{ ref('int_unit_dimensions') }} as units
        on reviews.environment = units.environment and reviews.unit_type = units.unit_type and reviews.unit_id = units.unit_id
),

owned as (
    select
        records.*,
        {{ owning_cost_center('records', owner_types) }} as bearing_cost_center
    from records
    {{ owner_joins('records', owner_types) }}
),

recorded as (
    select
        lines.chosen_line_id,
        case owned.source_type when 'review' then 'review' else 'charge' end as evidence,
        owned.reference,
        cast(owned.quantity as decimal(38, 6)) as quantity,
        coalesce({{ micros_to_ledger('owned.cost_micros_usd') }}, 0) as ledger_amount_usd,
        concat(owned.detail, ', ', cast(owned.occurred_at as varchar)) as detail,
        cast(null as varchar) as source_file
    from owned
    inner join lines
        on
            owned.source_type = lines.source_type
            and {{ month_of('owned.occurred_at') }} = lines.period_month
            and owned.environment = lines.environment
            and owned.layer = lines.layer
            and coalesce(owned.application, '') = coalesce(lines.application, '')
            and owned.bearing_cost_center = lines.cost_center
            and case when owned.cost_center is not null then 'direct' when owned.bearing_cost_center = '__unassigned__' then 'none' else 'high' end
            = lines.confidence
),

traced as (
    select * from calls
    union all
    select * from recorded
),

listed as (
    select
        lines.description,
        lines.amount,
        lines.currency,
        lines.ledger_amount_usd as line_ledger_amount_usd,
        traced.*
    from lines
    inner join traced on lines.chosen_line_id = traced.chosen_line_id
)

select * from listed
order by description, chosen_line_id, evidence, reference
