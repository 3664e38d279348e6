{# Every name under which a model may be reported; its own id names itself unless an alias says otherwise. #}
with editions as (
    select
        *,
        max(observed_on) over (partition by provider, reported_model) as newest_observed_on
    from {{ ref('model_aliases') }}
),

aliases as (
    select
        provider,
        reported_model,
        model,
        price_provider,
        coalesce(cast(valid_from as timestamp), cast('0001-01-01' as timestamp)) as valid_from,
        coalesce(cast(valid_to as timestamp), cast('9999-12-31' as timestamp)) as valid_to
    from editions
    where observed_on = newest_observed_on
),

priced_models as (
    select distinct
        provider,
        model
    from {{ ref('int_book_rates') }}
),

own_names as (
    select
        priced_models.provider,
        lower(priced_models.model) as reported_model,
        priced_models.model,
        priced_models.provider as price_provider,
        cast('0001-01-01' as timestamp) as valid_from,
        cast('9999-12-31' as timestamp) as valid_to
    from priced_models
    left join aliases
        on priced_models.provider = aliases.provider and lower(priced_models.model) = aliases.reported_model
    where aliases.reported_model is null
)

select * from aliases
union all
select * from own_names
