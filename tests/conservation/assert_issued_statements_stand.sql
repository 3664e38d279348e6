-- What was issued is what the files say: each statement's lines have the digest that it was issued with, and the mart shows
-- them to the cent. A file that was changed after the issue stops the build.
with lines as (
    select * from {{ ref('stg_statements__issued_lines') }}
),

signed as (
    select
        statement_id,
        version,
        min(digest) as digest,
        max(digest) as other_digest,
        max(case when has_wrong_column_count then 1 else 0 end) as broken_rows,
        count(distinct prepared_by) as preparers,
        max(case when prepared_by = approved_by or approved_by is null then 1 else 0 end) as self_approved
    from lines
    group by statement_id, version
),

register as (
    select * from {{ ref('rpt_statement_register') }}
)

select
    concat(
        'issued_statement_changed: the lines of version ', signed.version, ' of ', signed.statement_id,
        ' are not those it was issued with; restore its file in issued_statements'
    ) as broken_rule
from signed
left join register on signed.statement_id = register.statement_id and signed.version = register.version
where
    register.digest is null
    or signed.digest <> register.digest
    or signed.digest <> signed.other_digest
    or signed.broken_rows = 1
    or signed.preparers <> 1
    or signed.self_approved = 1
