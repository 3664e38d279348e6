-- Journals and documents are posted with as many digits after the point as the list of currencies says.
select
    'minor_units_differ: seeds/policy/currencies.csv and the macro other_minor_digits differ on this currency; correct one of them' as reason,
    currency,
    minor_unit_exponent,
    {{ minor_digits('currency') }} as posted_digits
from {{ ref('currencies') }}
where minor_unit_exponent <> {{ minor_digits('currency') }}
