{# Who owns a key in a month, by the rows in force on its first day. A key is shared where policy says so or where a rule
   says how to split what it was billed.
   Only a key of one owner names a cost center. #}
with api_keys as (
    select * from {{ ref('api_keys') }}
),

rules as (
    select * from {{ ref('allocation_rules') }} where pool like 'api_key:%'
),

owners as (
    select * from {{ ref('int_owner_cost_centers') }}
),

{# Of calls and of what the vendor's export names for a key: a month may have a bill and no call. #}
months as (
    select period_month from {{ ref('int_usage_costs_monthly') }}
    union
    select period_month from {{ ref('int_shared_key_bills') }}
),

ruled as (
    select
        months.period_month,
        substr(rules.pool, 9) as api_key_id
    from months
    inner join rules
        on
            months.period_month >= rules.valid_from
            and months.period_month < coalesce(rules.valid_to, cast('9999-12-31' as date))
),

owned as (
    select
        months.period_month,
        api_keys.api_key_id,
        api_keys.is_shared,
        case when api_keys.owner_type = 'cost_center' then api_keys.owner_id else owners.cost_center end as cost_center
    from months
    inner join api_keys
        on
            months.period_month >= api_keys.valid_from
            and months.period_month < coalesce(api_keys.valid_to, cast('9999-12-31' as date))
    left join owners on api_keys.owner_type = owners.owner_type and api_keys.owner_id = owners.owner_id
),

listed as (
    select * from owned
    union all
    select
        period_month,
        api_key_id,
        true as is_shared,
        cast(null as {{ dbt.type_string() }}) as cost_center
    from ruled
),

summed as (
    select
        period_month,
        api_key_id,
        max(case when is_shared then 1 else 0 end) = 1 as is_shared,
        case when max(case when is_shared then 1 else 0 end) = 0 then min(cost_center) end as cost_center
    from listed
    group by period_month, api_key_id
)

select * from summed
