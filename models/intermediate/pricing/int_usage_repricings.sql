{# What changes the cost of calls of closed months: a price that became known after the call did (the call at the book known
   before and after the stretch in which it was recorded), and a version of a call that another one replaced (taken out, at
   the book known then). Few, and none where nothing comes late. #}
{% set kept = [
    'source_system', 'file_path', 'landed_row', 'environment', 'layer', 'tenant_id', 'team', 'workflow', 'application', 'agent_id',
    'cost_center', 'api_key_id', 'provider', 'billing_account_id', 'reported_model', 'service_tier', 'occurred_at', 'ingested_at', 'input_tokens',
    'output_tokens', 'web_searches', 'requests', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens',
    'cache_write_unknown_tokens', 'unclassified_tokens', 'reported_cost_amount', 'reported_cost_currency',
] %}
with knowledge as (
    select * from {{ ref('int_price_knowledge') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

account_books as (
    select * from {{ ref('int_price_books') }}
),

provider_books as (
    select * from {{ ref('int_price_books') }} where price_book = '*'
),

{# The calls are read once: a step that is read twice would be stored. #}
dated as (
    select
        {{ kept | join(', ') }},
        cast(null as timestamp) as replaced_at,
        {{ known_at('ingested_at', 'occurred_at') }} as known_at,
        {{ month_of('occurred_at') }} as period_month
    from {{ ref('int_usage_events') }}
    union all
    select
        {{ kept | join(', ') }},
        replaced_at,
        {{ known_at('ingested_at', 'occurred_at') }} as known_at,
        {{ month_of('occurred_at') }} as period_month
    from {{ ref('int_usage_events_superseded') }}
),

superseded as (
    select
        {{ kept | join(', ') }},
        replaced_at,
        {{ known_at('ingested_at', 'occurred_at') }} as known_at,
        {{ month_of('occurred_at') }} as period_month
    from {{ ref('int_usage_events_superseded') }}
),

{# The account's own book, if policy gives it one, else the one for the whole provider. #}
late_priced as (
    select
        dated.*,
        knowledge.price_book,
        knowledge.known_slot as changed_slot,
        knowledge.known_to as changed_to
    from knowledge
    inner join slots on knowledge.known_slot = slots.known_slot
    inner join dated
        on
            knowledge.provider = dated.provider
            and slots.period_month = dated.period_month
            and knowledge.known_slot > dated.known_at
            and (dated.replaced_at is null or knowledge.known_to <= dated.replaced_at)
    left join account_books
        on dated.provider = account_books.provider and dated.billing_account_id = account_books.price_book
    where knowledge.price_book = coalesce(account_books.price_book, '*')
),

replaced as (
    select
        superseded.*,
        coalesce(account_books.price_book, provider_books.price_book, 'list') as price_book,
        slots.known_slot as changed_slot
    from superseded
    inner join slots
        on
            superseded.period_month = slots.period_month
            and superseded.replaced_at >= slots.known_from
            and superseded.replaced_at < slots.known_to
            and superseded.known_at < slots.known_from
    left join account_books
        on superseded.provider = account_books.provider and superseded.billing_account_id = account_books.price_book
    left join provider_books on superseded.provider = provider_books.provider
),

{# A book did not change between an instant and the next one at which its state is kept. #}
next_instants as (
    select
        replaced.source_system,
        replaced.file_path,
        replaced.landed_row,
        min(case when knowledge.known_slot >= replaced.changed_slot then knowledge.known_slot else knowledge.known_to end) as next_instant
    from replaced
    inner join knowledge
        on
            replaced.provider = knowledge.provider
            and replaced.price_book = knowledge.price_book
            and knowledge.known_to >= replaced.changed_slot
    group by replaced.source_system, replaced.file_path, replaced.landed_row
),

sided as (
    select late_priced.*, 'price' as reason, -1 as side, {{ price_book_at('price_book', 'changed_slot') }} as book_then
    from late_priced
    union all
    select late_priced.*, 'price' as reason, 1 as side, {{ price_book_at('price_book', 'changed_to') }} as book_then
    from late_priced
    union all
    select
        replaced.*,
        cast(null as timestamp) as changed_to,
        'correction' as reason,
        -1 as side,
        case
            when next_instants.next_instant is null then replaced.price_book
            else {{ price_book_at('replaced.price_book', 'next_instants.next_instant') }}
        end as book_then
    from replaced
    left join next_instants
        on
            replaced.landed_row = next_instants.landed_row
            and replaced.file_path = next_instants.file_path
            and replaced.source_system = next_instants.source_system
)

select * from sided
