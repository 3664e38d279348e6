{# By the month that the cost belongs to: later adjustments of an issued month count with it. #}
with closings as (
    select * from {{ ref('int_statement_invoice_closings') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

invoices as (
    select
        closings.period_month,
        'vendor' as source_kind,
        coalesce(closings.issuer, '__none__') as source_name,
        coalesce(closings.billing_account_id, '__none__') as billing_account_id,
        closings.currency,
        {{ in_units('closings.ledger_units', 'currencies.minor_unit_exponent') }} as ledger_amount,
        {{ in_units('closings.true_up_units + closings.closing_units', 'currencies.minor_unit_exponent') }} as true_up_amount,
        case when closings.is_invoiced then {{ in_units('closings.invoiced_units', 'currencies.minor_unit_exponent') }} end as invoiced_amount
    from closings
    left join currencies on closings.currency = currencies.currency
),

pools as (
    select
        period_month,
        'pool' as source_kind,
        pool as source_name,
        '__none__' as billing_account_id,
        currency,
        sum({{ in_units('posted_units', 'minor_unit_exponent') }}) as ledger_amount,
        0 as true_up_amount,
        sum({{ in_units('posted_units', 'minor_unit_exponent') }}) as invoiced_amount
    from {{ ref('int_allocation_sources') }}
    where source_type = 'shared_cost'
    group by period_month, pool, currency
),

direct_totals as (
    select distinct
        period_month,
        source_type,
        source_id,
        currency,
        {{ in_units('posted_total_units', 'minor_unit_exponent') }} as posted_amount
    from {{ ref('int_statement_direct_lines') }}
    where source_type <> 'usage'
),

others as (
    select
        period_month,
        source_type as source_kind,
        source_type as source_name,
        '__none__' as billing_account_id,
        currency,
        sum(posted_amount) as ledger_amount,
        0 as true_up_amount,
        sum(posted_amount) as invoiced_amount
    from direct_totals
    group by period_month, source_type, currency
),

listed as (
    select * from invoices
    union all
    select * from pools
    union all
    select * from others
),

statements as (
    select
        event_month as period_month,
        case
            when source_type in ('usage', 'api_key', 'true_up') then 'vendor'
            when source_type = 'shared_cost' then 'pool'
            else source_type
        end as source_kind,
        case when source_type in ('usage', 'api_key', 'true_up') then coalesce(issuer, '__none__') when source_type = 'shared_cost' then pool else source_type end as source_name,
        case when source_type in ('usage', 'api_key', 'true_up') then coalesce(billing_account_id, '__none__') else '__none__' end as billing_account_id,
        currency,
        sum(amount) as statement_amount
    from {{ ref('rpt_chargeback_statements') }}
    where source_type <> 'correction'
    group by 1, 2, 3, 4, 5
),

compared as (
    select
        coalesce(listed.period_month, statements.period_month) as period_month,
        coalesce(listed.source_kind, statements.source_kind) as source_kind,
        coalesce(listed.source_name, statements.source_name) as source_name,
        coalesce(listed.billing_account_id, statements.billing_account_id) as billing_account_id,
        coalesce(listed.currency, statements.currency) as currency,
        {{ ledger('coalesce(listed.ledger_amount, 0)') }} as ledger_amount,
        {{ ledger('coalesce(listed.true_up_amount, 0)') }} as true_up_amount,
        {{ ledger('listed.invoiced_amount') }} as invoiced_amount,
        {{ ledger('coalesce(statements.statement_amount, 0)') }} as statement_amount,
        {{ ledger('coalesce(statements.statement_amount, 0) - coalesce(listed.invoiced_amount, listed.ledger_amount, 0)') }} as difference_amount,
        case
            when coalesce(listed.source_kind, statements.source_kind) = 'vendor' and listed.invoiced_amount is null then 'awaits_invoice'
            else 'tied'
        end as status
    from listed
    full outer join statements
        on
            listed.period_month = statements.period_month
            and listed.source_kind = statements.source_kind
            and listed.source_name = statements.source_name
            and listed.billing_account_id = statements.billing_account_id
            and listed.currency = statements.currency
)

select * from compared
