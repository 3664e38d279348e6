{# The vendor's own record of use, by the month in which its bucket starts. #}
with provider_usage as (
    select * from {{ ref('int_provider_usage') }}
),

accounts as (
    select * from {{ ref('billing_accounts') }}
),

names as (
    select * from {{ ref('int_billing_model_names') }}
),

currencies as (
    select
        issuer,
        billing_account_id,
        max(currency) as currency
    from {{ ref('int_invoice_lines_measured') }}
    group by issuer, billing_account_id
),

named as (
    select
        {{ month_of('provider_usage.period_start') }} as period_month,
        coalesce(accounts.issuer, provider_usage.provider) as issuer,
        provider_usage.billing_account_id,
        coalesce(names.model, lower(provider_usage.model), case when {{ is_no_usage('provider_usage.meter') }} then '__none__' end) as model,
        lower(provider_usage.meter) as meter,
        provider_usage.service_tier,
        coalesce(provider_usage.currency, accounts.currency) as currency,
        provider_usage.provider,
        cast(provider_usage.quantity * {{ quantity_factor('provider_usage.quantity_unit') }} as decimal(38, 6)) as quantity,
        provider_usage.amount
    from provider_usage
    left join accounts
        on provider_usage.billing_account_id = accounts.billing_account_id and provider_usage.provider = accounts.provider
    left join names on provider_usage.provider = names.provider and lower(provider_usage.model) = names.reported_model
    {# As in our estimate, what counts nothing and costs nothing is no leg, nor is what a meter counts that nobody charges. #}
    where
        provider_usage.amount <> 0
        or (provider_usage.quantity <> 0 and coalesce(provider_usage.meter <> 'request' and not {{ is_no_usage('provider_usage.meter') }}, true))
),

summed as (
    select
        named.period_month,
        named.issuer,
        named.billing_account_id,
        named.model,
        named.meter,
        named.service_tier,
        coalesce(named.currency, currencies.currency, '{{ checked_var('reporting_currency') }}') as currency,
        max(named.provider) as provider,
        {# A usage report and a cost report of one vendor count the same tokens: where the first is there, it is the quantity. #}
        coalesce(sum(case when named.amount is null then named.quantity end), sum(named.quantity)) as quantity,
        sum(named.amount) as amount
    from named
    left join currencies on named.issuer = currencies.issuer and named.billing_account_id = currencies.billing_account_id
    group by
        named.period_month,
        named.issuer,
        named.billing_account_id,
        named.model,
        named.meter,
        named.service_tier,
        coalesce(named.currency, currencies.currency, '{{ checked_var('reporting_currency') }}')
)

select * from summed
