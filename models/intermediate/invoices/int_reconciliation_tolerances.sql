{# The policy in force per month; an issuer's own comes before the one for all (`*`). #}
with months as (
    select distinct
        period_month,
        issuer
    from {{ ref('int_reconciliation_legs') }}
),

tolerances as (
    select * from {{ ref('reconciliation_tolerances') }}
),

ranked as (
    select
        months.period_month,
        months.issuer,
        cast(tolerances.absolute_tolerance as decimal(18, 6)) as absolute_tolerance,
        cast(tolerances.percent_tolerance as decimal(9, 6)) as percent_tolerance,
        tolerances.combine,
        cast(tolerances.clearly_trivial as decimal(18, 6)) as clearly_trivial,
        cast(tolerances.material as decimal(18, 6)) as material,
        row_number() over (
            partition by months.period_month, months.issuer
            order by tolerances.issuer = '*'
        ) as choice
    from months
    inner join tolerances
        on
            (months.issuer = tolerances.issuer or tolerances.issuer = '*')
            and months.period_month >= tolerances.valid_from
            and (tolerances.valid_to is null or months.period_month < tolerances.valid_to)
)

select * from ranked where choice = 1
