{# Vendors bill under their own names; the newest meaning of a name is the one that their paper uses. #}
with model_names as (
    select * from {{ ref('int_model_names') }}
),

ranked as (
    select
        provider,
        reported_model,
        model,
        row_number() over (partition by provider, reported_model order by valid_from desc, model) as choice
    from model_names
),

chosen as (
    select
        provider,
        reported_model,
        model
    from ranked
    where choice = 1
)

select * from chosen
