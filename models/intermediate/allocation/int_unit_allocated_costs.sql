select environment, unit_type, unit_id, episode_number, cast(0 as decimal(38,12)) as allocated_cost_usd from {{ ref('int_units') }}
