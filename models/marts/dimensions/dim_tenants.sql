with tenants as (
    select * from {{ ref('tenants') }}
),

described as (
    select
        tenant_id,
        name,
        segment
    from tenants
)

select * from described
