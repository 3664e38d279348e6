{# What someone still has to do. A kind of trouble with one key to one side is one exception, however many months it
   lasts: what was billed too dear in May is not netted with what was too cheap in June. #}
with exceptions as (
    select * from {{ ref('int_reconciliation_exceptions') }}
),

clock as (
    select * from {{ ref('int_as_of') }}
),

summed as (
    select
        kind,
        issuer,
        billing_account_id,
        currency,
        key,
        case when amount < 0 then 'below' else 'above' end as side,
        sum(amount) as amount,
        min(period_month) as first_period_month,
        max(period_month) as last_period_month,
        count(*) as period_count
    from exceptions
    group by kind, issuer, billing_account_id, currency, key, case when amount < 0 then 'below' else 'above' end
),

aged as (
    select
        summed.*,
        (extract(year from clock.as_of) - extract(year from summed.first_period_month)) * 12
        + extract(month from clock.as_of) - extract(month from summed.first_period_month) as age_periods
    from summed
    cross join clock
),

advised as (
    select
        {{ text_key(['kind', 'key', 'side']) }} as exception_id,
        kind,
        issuer,
        billing_account_id,
        currency,
        key,
        cast(amount as decimal(38, 12)) as amount,
        {{ period_of('first_period_month') }} as first_seen_period,
        {{ period_of('last_period_month') }} as last_seen_period,
        cast(period_count as integer) as period_count,
        cast(age_periods as integer) as age_periods,
        case kind
            {% for kind, suggestion in exception_suggestions().items() -%}
            when '{{ kind }}' then '{{ suggestion }}'
            {% endfor -%}
        end as suggestion
    from aged
)

select * from advised
