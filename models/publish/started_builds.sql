{# Depends on nothing, so every build writes it first; a retry, which looks like a build, does not. #}
with started as (
    select cast('{{ invocation_id }}' as {{ dbt.type_string() }}) as invocation_id
)

select * from started
