{# What was bought in advance, first to run first. A lot is worth its face; it cost what the vendor billed for it. #}
with commitments as (
    select
        *,
        coalesce(billing_account_id, '*') as account_id
    from {{ ref('commitments') }}
    where kind = 'prepaid'
),

lines as (
    select
        lines.billing_account_id,
        lines.currency,
        lines.charge_start,
        sum(lines.amount) as amount
    from {{ ref('int_invoice_lines_measured') }} as lines
    where lines.line_type = 'prepayment' and lines.payable_state = 'payable'
    group by lines.billing_account_id, lines.currency, lines.charge_start
),

priced as (
    select
        concat(commitments.provider, '/', commitments.account_id, '/', commitments.currency) as account_key,
        concat(commitments.contract_id, '/', cast(commitments.period_start as {{ dbt.type_string() }})) as lot_id,
        commitments.contract_id,
        commitments.provider,
        commitments.billing_account_id,
        commitments.currency,
        commitments.period_start,
        commitments.period_end,
        {{ month_of('commitments.period_start') }} as first_month,
        {{ month_of('commitments.period_end - interval 1 day') }} as last_month,
        case when commitments.accrual_method = 'wac' then 'wac' else 'fifo' end as valuation_method,
        cast(commitments.amount as decimal(26, 12)) as face_amount,
        cast(coalesce(lines.amount, commitments.amount) as decimal(26, 12)) as paid_amount,
        lines.amount is not null as is_billed
    from commitments
    left join lines
        on
            commitments.billing_account_id = lines.billing_account_id
            and commitments.currency = lines.currency
            and commitments.period_start = lines.charge_start
),

numbered as (
    select
        *,
        row_number() over (partition by account_key order by period_start, lot_id) as lot_number,
        sum(face_amount) over (partition by account_key order by first_month) as all_face_amount,
        sum(paid_amount) over (partition by account_key order by first_month) as all_paid_amount
    from priced
),

{# What a drawdown is valued by: the lot itself, or the average of all lots bought so far. #}
valued as (
    select
        *,
        case valuation_method when 'wac' then all_paid_amount else paid_amount end as valued_paid_amount,
        case valuation_method when 'wac' then all_face_amount else face_amount end as valued_face_amount
    from numbered
)

select * from valued
