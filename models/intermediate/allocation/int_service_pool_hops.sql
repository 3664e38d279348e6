{{ config(materialized='table') }}
{# Where the money of a service pool is after eight hops through the edges. #}
with {{ doubled_hops(ref('int_service_pool_edges'), 3) }},

hopped as (
    select * from hops_3
)

select * from hopped
