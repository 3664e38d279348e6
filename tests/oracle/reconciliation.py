"""The three legs of a billed month: what we reckoned, what the vendor exported, what it invoiced (semantics.md 8).

Legs by month, issuer, billing account, currency, model, meter and service tier, at the grain that the account's
invoices have. What lies between them is taken apart in `bridge`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from .calls import BASE_METERS
from .landing import EMBEDDING_ENDPOINTS
from .ledger import Ledger
from .money import ZERO, product, total
from .owners import lookup
from .policy import Policy
from .prices import STANDARD_INPUT
from .records import Call, Export, InvoiceLine
from .times import HOUR, month, next_month

NOBODY = "__none__"
ALL = "__all__"
UNMAPPED = "__unmapped__"
STANDARD = "standard"
# What has a quantity of its own; all further ones of a call are one meter.
COUNTED = {*BASE_METERS, "embedding_input"}
IN_UNITS = {"tokens": Decimal(1), "MTok": Decimal(1_000_000)}
Account = tuple[date, str, str, str]  # month, issuer, billing account, currency
Tier = tuple[tuple[str, str, str], str | None]  # issuer, billing account and currency; tier
Sku = tuple[date, str, str, str, str, str, str]  # with model, meter and service tier


@dataclass
class Leg:
    """One key: quantities in single units, None where nothing was counted.

    `priced` is our use that has a price, `late` that of the last hours.
    """

    estimated: Decimal = ZERO
    counted: Decimal | None = None
    priced: Decimal = ZERO
    late: Decimal = ZERO
    exported: Decimal = ZERO
    told: Decimal | None = None
    lines: list[InvoiceLine] = field(default_factory=list)

    @property
    def invoiced(self) -> Decimal:
        return total([line.amount for line in self.lines])

    @property
    def billed(self) -> Decimal | None:
        """Quantity of the invoice's lines of use."""
        known = [units_of(line) for line in self.lines]
        found = [quantity for quantity in known if quantity is not None]
        return total(found) if found else None


@dataclass
class Legs:
    """All keys, and the accounts that have an invoice in a month."""

    by_sku: dict[Sku, Leg]
    invoiced: set[tuple[date, str, str]]


def issuer_of(policy: Policy, account: str | None, provider: str) -> str:
    """Who issues an account's invoices: as policy says of this provider's account, else the provider."""
    row = lookup(policy, "billing_accounts", "billing_account_id", account)
    return row["issuer"] if row and row["provider"] == provider else provider


def units_of(line: Export | InvoiceLine) -> Decimal | None:
    """A line's quantity in single units."""
    if line.quantity is None:
        return None
    return product(line.quantity, IN_UNITS.get(line.quantity_unit or "", Decimal(1)))


def payable(found: Ledger) -> list[InvoiceLine]:
    """Lines that count: of issued documents; of one number delivered twice the first; not what another replaces.

    A new number that bills use and refers to an older one replaces it.
    """
    issued = [line for line in found.feeds.invoice_lines if line.status == "issued"]
    first: dict[tuple[str, str], date] = {}
    for line in issued:
        number = (line.issuer, line.invoice_id)
        first[number] = min(first.get(number, line.issued), line.issued)
    replaced = {
        (line.issuer, line.reference)
        for line in issued
        if line.reference and line.reference != line.invoice_id and line.line_type == "usage"
    }
    return [
        line
        for line in issued
        if line.issued == first[line.issuer, line.invoice_id] and (line.issuer, line.invoice_id) not in replaced
    ]


@dataclass(frozen=True)
class Grain:
    """What an account's invoices name: models and meters in a month; `untold` accounts never name a tier."""

    untold: set[tuple[str, str, str]]
    named: dict[Account, tuple[bool, bool]]

    @classmethod
    def of(cls, lines: list[InvoiceLine], documents: list[InvoiceLine], others: Iterable[Tier]) -> Grain:
        """Payable lines, and those of all documents; `others` are the tiers of estimates and exports."""
        use = [line for line in lines if line.line_type == "usage"]
        named: dict[Account, tuple[bool, bool]] = {}
        for line in use:
            where = (month(line.start), line.issuer, line.account, line.currency)
            model, meter = named.get(where, (False, False))
            named[where] = (model or line.model is not None, meter or line.meter is not None)
        # Whether `standard` is said or not told makes no difference: a tier is one that is another.
        said = {
            (line.issuer, line.account, line.currency) for line in documents if (line.tier or STANDARD) != STANDARD
        }
        billed = {(line.issuer, line.account, line.currency) for line in use}
        odd = {where for where, tier in others if (tier or STANDARD) != STANDARD}
        return cls(odd & (billed - said), named)

    def sku(self, account: Account, model: str | None, meter: str | None, tier: str | None) -> Sku:
        """The key of an amount at the grain of its account and month."""
        by_model, by_meter = self.named.get(account, (True, True))
        return (
            *account, (model or UNMAPPED) if by_model else ALL, (meter or UNMAPPED) if by_meter else ALL,
            ALL if account[1:] in self.untold else tier or STANDARD,
        )  # fmt: skip


def estimates(found: Ledger) -> Iterator[tuple[Account, str, str, str, Decimal | None, int | None, datetime]]:
    """(account, model, meter, tier, amount, quantity, when) of every call, without an amount where it is unpriced.

    Only its producer's figure is `reported`.
    """
    for call in found.feeds.calls:
        cost, account = found.call_costs[id(call)], account_of_call(found, call)
        model = named_model(found, call, found.book.provider(call.provider))
        if cost.basis == "reported":
            yield account, model, "reported", call.tier, cost.amount or ZERO, None, call.at
            continue
        for told, (quantity, known) in cost.meters.items():
            amount = None if cost.basis == "unpriced" else known or ZERO
            meter = "embedding_input" if told == STANDARD_INPUT and call.endpoint in EMBEDDING_ENDPOINTS else told
            # A request is counted where it is charged for.
            if meter in COUNTED and (meter != "request" or amount):
                yield account, model, meter, call.tier, amount, quantity, call.at
            elif meter not in COUNTED:
                yield account, model, "other", call.tier, amount, None, call.at


def named_model(found: Ledger, call: Call, provider: str) -> str:
    """The list's name of a call's model at its moment; of a name that meant nothing then, what it means last."""
    now = found.book.model(provider, call.model, call.at) or found.book.model(provider, call.model, datetime.max)
    return now[1] if now else call.model


def lag(policy: Policy, first: date) -> timedelta:
    """How near to a month's end use may be billed with the next."""
    row = next(policy.in_force("thresholds", first, threshold="billing_lag_hours"))
    return int(row["value"]) * HOUR


def legs(found: Ledger) -> Legs:
    """The legs side by side."""
    lines = payable(found)
    ours = list(estimates(found))
    theirs = [(account_of(found, export), export) for export in found.feeds.exports]
    tiers: list[Tier] = [(account[1:], tier) for account, _, _, tier, *_ in ours]
    tiers += [(account[1:], export.tier) for account, export in theirs]
    grain = Grain.of(lines, found.feeds.invoice_lines, tiers)
    table: dict[Sku, Leg] = defaultdict(Leg)
    for account, model, meter, tier, amount, quantity, at in ours:
        leg = table[grain.sku(account, model, meter, tier)]
        leg.estimated += amount or ZERO
        if quantity is not None:
            leg.counted = (leg.counted or ZERO) + quantity
            leg.priced += quantity if amount is not None else ZERO
            end = next_month(account[0])
            if at >= datetime(end.year, end.month, 1) - lag(found.policy, account[0]):
                leg.late += quantity
    for account, export in theirs:
        leg = table[grain.sku(account, export.model, export.meter, export.tier)]
        leg.exported += export.amount or ZERO
        if (quantity_told := units_of(export)) is not None:
            leg.told = (leg.told or ZERO) + quantity_told
    for line in lines:
        account = (month(line.start), line.issuer, line.account, line.currency)
        if line.line_type == "usage":
            table[grain.sku(account, line.model, line.meter, line.tier)].lines.append(line)
        else:
            table[*account, NOBODY, line.line_type, line.tier or STANDARD].lines.append(line)
    return Legs(dict(table), {(month(line.start), line.issuer, line.account) for line in lines})


def account_of_call(found: Ledger, call: Call) -> Account:
    """Where a call is billed, in the currency that it is priced in."""
    issuer = issuer_of(found.policy, call.account, found.book.provider(call.provider))
    currency = found.call_costs[id(call)].currency or found.policy.reporting_currency
    return month(call.at.date()), issuer, call.account or NOBODY, currency


def account_of(found: Ledger, export: Export) -> Account:
    """Where an export's line belongs; without an amount, to the account's currency."""
    row = lookup(found.policy, "billing_accounts", "billing_account_id", export.account)
    currency = export.currency or (row["currency"] if row else found.policy.reporting_currency)
    issuer = issuer_of(found.policy, export.account, found.book.provider(export.provider))
    return month(export.start.date()), issuer, export.account, currency
