{# Calls of closed months whose price became known after they did, each at the price known before and at the one known after
   the stretch in which the new one was recorded. Few, and none where no price comes late. #}
{% set kept = [
    'period_month', 'environment', 'layer', 'team', 'workflow', 'application', 'agent_id', 'cost_center', 'api_key_id', 'provider',
    'billing_account_id', 'reported_model', 'service_tier', 'occurred_at', 'known_at', 'input_tokens', 'output_tokens', 'web_searches',
    'requests', 'cache_read_tokens', 'cache_write_5m_tokens', 'cache_write_1h_tokens', 'cache_write_unknown_tokens',
    'unclassified_tokens', 'uncached_input_tokens', 'classified_output_tokens', 'reported_cost_amount', 'reported_cost_currency',
    'changed_slot',
] %}
with knowledge as (
    select * from {{ ref('int_price_knowledge') }}
),

slots as (
    select * from {{ ref('int_knowledge_slots') }}
),

books as (
    select * from {{ ref('int_price_books') }}
),

usage_events as (
    select
        *,
        input_tokens - coalesce(cache_read_tokens, 0) - coalesce(cache_write_5m_tokens, 0)
        - coalesce(cache_write_1h_tokens, 0) - coalesce(cache_write_unknown_tokens, 0) as uncached_input_tokens,
        output_tokens - coalesce(unclassified_tokens, 0) as classified_output_tokens,
        {{ known_at('ingested_at', 'occurred_at') }} as known_at,
        {{ month_of('occurred_at') }} as period_month
    from {{ ref('int_usage_events') }}
),

booked as (
    select
        usage_events.*,
        coalesce(account_books.price_book, provider_books.price_book) as price_book
    from usage_events
    left join books as account_books
        on usage_events.provider = account_books.provider and usage_events.billing_account_id = account_books.price_book
    left join books as provider_books
        on usage_events.provider = provider_books.provider and provider_books.price_book = '*'
),

affected as (
    select
        booked.*,
        knowledge.known_slot as changed_slot,
        knowledge.known_to as changed_to
    from knowledge
    inner join slots on knowledge.known_slot = slots.known_slot
    inner join booked
        on
            knowledge.provider = booked.provider
            and knowledge.price_book = booked.price_book
            and slots.period_month = booked.period_month
            and knowledge.known_slot > booked.known_at
),

sided as (
    select {{ kept | join(', ') }}, -1 as side, {{ price_book_at('price_book', 'changed_slot') }} as book_then from affected
    union all
    select {{ kept | join(', ') }}, 1 as side, {{ price_book_at('price_book', 'changed_to') }} as book_then from affected
)

select * from sided
