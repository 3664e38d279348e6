{{ config(materialized='table') }}
{# Which residuals the credits of an invoice settle, up to what each of them is: those of the meter that the credit names,
   or of its model, or of the whole account month; first the one that it equals, then the largest. #}
{% set account = ['period_month', 'issuer', 'billing_account_id', 'currency'] %}
{% set stages = {'by_meter': ['model', 'meter'], 'by_model': ['model'], 'by_account': []} %}
{% set claimable = ['price', 'unmetered', 'unexplained'] %}
with components as (
    select * from {{ ref('int_reconciliation_components') }}
),

credits as (
    select * from {{ ref('int_claim_credits') }}
),

grains as (
    select * from {{ ref('int_reconciliation_grains') }}
),

grained as (
    select
        credits.period_month,
        credits.issuer,
        credits.billing_account_id,
        credits.currency,
        case when grains.is_model_collapsed then '__all__' else credits.model end as model,
        case when grains.is_meter_collapsed then '__all__' else credits.meter end as meter,
        credits.amount
    from credits
    inner join grains
        on
            credits.period_month = grains.period_month
            and credits.issuer = grains.issuer
            and credits.billing_account_id = grains.billing_account_id
            and credits.currency = grains.currency
),

pools as (
    select
        {{ account | join(', ') }},
        model,
        meter,
        case
            when model is not null and meter is not null then 'by_meter'
            when model is not null then 'by_model'
            when meter is null or meter = '__all__' then 'by_account'
        end as stage,
        sum(amount) as amount
    from grained
    group by {{ account | join(', ') }}, model, meter
),

claims as (
    {% for component in claimable -%}
    select
        {{ account | join(', ') }},
        model,
        meter,
        service_tier,
        '{{ component }}' as component,
        {{ component }}_amount as claimed_amount,
        {{ component }}_amount as open_amount
    from components
    where {{ component }}_amount > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{% for stage, names in stages.items() -%}
{{ stage }}_reached as (
    select
        claims.*,
        coalesce(pools.amount, 0) as pool_amount,
        sum(claims.open_amount) over (
            partition by claims.{{ (account + names) | join(', claims.') }}
            order by
                case when claims.open_amount = pools.amount then 0 else 1 end, claims.open_amount desc, claims.component, claims.model,
                claims.meter, claims.service_tier
            rows between unbounded preceding and current row
        ) as reached_amount
    from {{ 'claims' if loop.first else loop.previtem[0] ~ ' as claims' }}
    left join pools
        on
            pools.stage = '{{ stage }}'
            {% for name in account + names -%}
            and claims.{{ name }} = pools.{{ name }}
            {% endfor %}
),

{{ stage }} as (
    select
        {{ account | join(', ') }},
        model,
        meter,
        service_tier,
        component,
        claimed_amount,
        open_amount - greatest(0, least(open_amount, pool_amount - reached_amount + open_amount)) as open_amount
    from {{ stage }}_reached
),

{% endfor %}
settled as (
    select
        {{ account | join(', ') }},
        model,
        meter,
        service_tier,
        {% for component in claimable -%}
        sum(case when component = '{{ component }}' then claimed_amount - open_amount else 0 end) as settled_{{ component }}_amount,
        {% endfor -%}
        sum(claimed_amount - open_amount) as settled_amount
    from by_account
    group by {{ account | join(', ') }}, model, meter, service_tier
)

select * from settled
