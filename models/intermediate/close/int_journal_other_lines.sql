{# What commitments cost beside use, pools that cost centers bear (a foreign one at the rate at the end of its month), and
   payments with the difference of exchange rates. #}
with commitments as (
    select * from {{ ref('int_commitment_bookings') }}
),

accounts as (
    select * from {{ ref('int_posting_accounts') }}
),

billing_accounts as (
    select * from {{ ref('billing_accounts') }}
),

cost_centers as (
    select * from {{ ref('cost_centers') }}
),

pool_lines as (
    select
        *,
        coalesce(event_month, period_month) as cost_month
    from {{ ref('rpt_chargeback_statements') }}
    where pool is not null
),

known_pools as (
    select * from {{ ref('int_shared_cost_slots') }}
),

posting_periods as (
    select * from {{ ref('int_posting_periods') }}
),

{# A pool that became known after the close is charged on where it is posted, an adjustment where its statement is. #}
placed as (
    select
        pool_lines.*,
        coalesce(cost_centers.entity, 'default') as entity,
        case
            when pool_lines.cost_month <> pool_lines.period_month then pool_lines.period_month
            else coalesce(posting_periods.posting_month, pool_lines.period_month)
        end as posting_month
    from pool_lines
    left join cost_centers on pool_lines.cost_center = cost_centers.cost_center
    left join known_pools
        on pool_lines.source_id = known_pools.booking_id and pool_lines.cost_month = known_pools.period_month
    left join posting_periods
        on
            coalesce(cost_centers.entity, 'default') = posting_periods.entity
            and pool_lines.cost_month = posting_periods.event_month
            and known_pools.known_slot = posting_periods.known_slot
),

statements as (
    select
        entity,
        posting_month as period_month,
        cost_month as statement_month,
        cost_center,
        layer,
        currency,
        sum(amount) as amount
    from placed
    group by entity, posting_month, cost_month, cost_center, layer, currency
),

months as (
    select * from {{ ref('int_book_months') }}
),

rates as (
    select * from {{ ref('int_month_end_rates') }}
),

settlements as (
    select * from {{ ref('int_invoice_settlements') }}
),

drafts as (
    select
        coalesce(billing_accounts.entity, 'default') as entity,
        commitments.booking_month as period_month,
        commitments.entry_type,
        commitments.entry_type as part,
        'contract' as source_type,
        commitments.term_id as source_id,
        last_day(commitments.booking_month) as posting_date,
        '__none__' as layer,
        '__none__' as cost_center,
        commitments.currency,
        commitments.fx_rate,
        commitments.amount,
        commitments.memo
    from commitments
    left join billing_accounts on commitments.billing_account_id = billing_accounts.billing_account_id
    union all
    select
        statements.entity, statements.period_month, 'chargeback' as entry_type, 'chargeback' as part, 'statement' as source_type,
        {{ period_of('statements.statement_month') }} as source_id, last_day(statements.period_month) as posting_date,
        statements.layer, statements.cost_center, statements.currency,
        case
            when statements.currency = '{{ checked_var('reporting_currency') }}' then 1
            when rates.rate is not null then rates.rate
            else {{ missing_rate('statements.currency', 'statements.statement_month') }}
        end as fx_rate,
        statements.amount,
        concat('Pools borne in ', {{ period_of('statements.statement_month') }}) as memo
    from statements
    inner join months on statements.period_month = months.date_month
    left join rates on statements.currency = rates.currency and statements.statement_month = rates.date_month
    union all
    select
        entity, {{ month_of('settled_on') }} as period_month, 'payment' as entry_type, 'payment' as part, 'settlement' as source_type,
        source_id, settled_on as posting_date, '__none__' as layer, '__none__' as cost_center, currency, invoice_rate as fx_rate, amount,
        concat('Payment of ', invoice_id) as memo
    from settlements
    union all
    select
        entity, {{ month_of('settled_on') }} as period_month, 'fx' as entry_type, 'fx' as part, 'settlement' as source_type,
        source_id, settled_on as posting_date, '__none__' as layer, '__none__' as cost_center,
        '{{ checked_var('reporting_currency') }}' as currency, cast(1 as decimal(24, 12)) as fx_rate, realised_fx_usd as amount,
        concat('Exchange difference realised on ', invoice_id) as memo
    from settlements
),

accounted as (
    select
        drafts.entity,
        drafts.period_month,
        drafts.entry_type,
        drafts.source_type,
        drafts.source_id,
        drafts.posting_date,
        cast(null as date) as reversed_on,
        drafts.layer,
        drafts.cost_center,
        accounts.debit_account as account,
        accounts.credit_account as counter_account,
        drafts.currency,
        cast(drafts.fx_rate as decimal(24, 12)) as fx_rate,
        cast(drafts.amount as decimal(38, 12)) as amount,
        drafts.memo
    from drafts
    inner join accounts on drafts.layer = accounts.layer and drafts.part = accounts.entry_type
)

select * from accounted
