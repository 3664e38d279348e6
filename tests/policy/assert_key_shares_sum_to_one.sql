-- The owners of an API key have all of it, on the first day of every change of owners.
with api_keys as (
    select * from {{ ref('api_keys') }}
),

days as (
    select distinct
        api_key_id,
        valid_from as checked_on
    from api_keys
),

summed as (
    select
        days.api_key_id,
        days.checked_on,
        sum(api_keys.share) as share
    from days
    inner join api_keys
        on
            days.api_key_id = api_keys.api_key_id
            and days.checked_on >= api_keys.valid_from
            and (api_keys.valid_to is null or days.checked_on < api_keys.valid_to)
    group by days.api_key_id, days.checked_on
)

select
    'key_shares: the shares of the key''s owners must sum to 1; correct seeds/organization/api_keys.csv' as reason,
    api_key_id,
    checked_on,
    share
from summed
where share <> 1
