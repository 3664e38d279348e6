{# Every stretch of time, context size and hour within which no price of a model changes: the grain of the wide price. #}
with book_rates as (
    select * from {{ ref('int_book_rates') }}
),

starts as (
    select price_book, provider, model, service_tier, valid_from as starts_at from book_rates
    union
    select price_book, provider, model, service_tier, valid_to as starts_at from book_rates
    union
    select price_book, provider, model, service_tier, cast('0001-01-01' as timestamp) as starts_at from book_rates
),

stretches as (
    select
        *,
        lead(starts_at) over (
            partition by price_book, provider, model, service_tier order by starts_at
        ) as ends_at
    from starts
),

bounds as (
    select price_book, provider, model, service_tier, context_tokens_over from book_rates
    union
    select price_book, provider, model, service_tier, 0 as context_tokens_over from book_rates
),

contexts as (
    select
        *,
        coalesce(
            lead(context_tokens_over) over (
                partition by price_book, provider, model, service_tier order by context_tokens_over
            ),
            2000000000
        ) as context_tokens_up_to
    from bounds
),

edges as (
    select price_book, provider, model, service_tier, day_second_from from book_rates
    union
    select price_book, provider, model, service_tier, day_second_to as day_second_from from book_rates
    union
    select price_book, provider, model, service_tier, 0 as day_second_from from book_rates
),

hours as (
    select
        *,
        lead(day_second_from) over (
            partition by price_book, provider, model, service_tier order by day_second_from
        ) as day_second_to
    from edges
),

cells as (
    select
        stretches.price_book,
        stretches.provider,
        stretches.model,
        stretches.service_tier,
        stretches.starts_at,
        stretches.ends_at,
        contexts.context_tokens_over,
        contexts.context_tokens_up_to,
        hours.day_second_from,
        hours.day_second_to
    from stretches
    inner join contexts
        on
            stretches.price_book = contexts.price_book
            and stretches.provider = contexts.provider
            and stretches.model = contexts.model
            and stretches.service_tier = contexts.service_tier
    inner join hours
        on
            stretches.price_book = hours.price_book
            and stretches.provider = hours.provider
            and stretches.model = hours.model
            and stretches.service_tier = hours.service_tier
    where stretches.ends_at is not null and hours.day_second_to is not null
)

select * from cells
