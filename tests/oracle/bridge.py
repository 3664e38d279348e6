"""The bridge from estimate to invoice, component by component (semantics.md 8).

A quantity that differs is timing where documents or two months say so, metering as far as the vendor's own export bears
it out, and unexplained from there on. Where we have no estimate of a key, the billed price stands for ours.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, localcontext

from .ledger import Ledger
from .money import WIDE, ZERO, Near, ledger, product, ratio, total
from .policy import Policy, midnight
from .reconciliation import Account, Leg, Legs, Sku, account_of_call, units_of
from .records import InvoiceLine
from .times import month, next_month

COMPONENTS = (
    "price", "timing", "unmetered", "overmetered", "commitment", "credit", "fee", "tax", "fx", "rounding",
    "unexplained",
)  # fmt: skip
CHARGES = {"fee": "fee", "credit": "credit", "tax": "tax", "commitment": "commitment", "prepayment": "commitment",
           "rounding": "rounding"}  # fmt: skip
NAMED = ("fee", "credit", "tax", "commitment")
# One cast to the ledger's places: in which order a key's amounts are cast is not said.
STEP = Decimal("0.000000000001")
MINOR_UNIT = Decimal("0.01")
Amounts = dict[str, Decimal]


@dataclass(frozen=True)
class Gap:
    """How far quantities of a key differ, and what of it documents call timing."""

    difference: Decimal
    documented: Decimal

    @property
    def rest(self) -> Decimal:
        return self.difference - self.documented


def is_late(line: InvoiceLine) -> bool:
    """Whether a line's whole charge period lies outside of its billing period."""
    if line.charged_from is None or line.charged_to is None:
        return False
    return line.charged_to <= line.start or line.charged_from >= line.end


def gaps(found: Legs) -> dict[Sku, Gap]:
    """Differences of quantity: billed less counted, with what other months' documents bill of this one."""
    documented: dict[Sku, Decimal] = defaultdict(lambda: ZERO)
    for sku, leg in found.by_sku.items():
        for line in leg.lines:
            quantity = units_of(line)
            if quantity is not None and is_late(line) and line.charged_from is not None:
                documented[sku] += quantity
                documented[month(line.charged_from), *sku[1:]] -= quantity
    return {
        sku: Gap((leg.billed or ZERO) - (leg.counted or ZERO), documented[sku]) for sku, leg in found.by_sku.items()
    }


def proven(found: Legs, told: dict[Sku, Gap]) -> dict[Sku, Decimal]:
    """Use of a month's last hours that its invoice lacks and the next one's has too much of: timing of both."""
    moved: dict[Sku, Decimal] = defaultdict(lambda: ZERO)
    for sku, leg in found.by_sku.items():
        later = (next_month(sku[0]), *sku[1:])
        if later not in told:
            continue
        quantity = min(leg.late, -told[sku].rest, told[later].rest)
        if quantity > 0:
            moved[sku] -= quantity
            moved[later] += quantity
    return moved


def billed_price(line: InvoiceLine) -> Decimal:
    """Quantity times the stated price, else the amount."""
    if line.unit_price is None or line.quantity is None:
        return line.amount
    return ledger(product(line.quantity, line.unit_price))


def of_usage(leg: Leg, gap: Gap, moved: Decimal) -> Amounts:
    """A key of use: its quantities at the price of our estimate, exactly, and cast once each."""
    found = dict.fromkeys(COMPONENTS, ZERO)
    whole = leg.invoiced - leg.estimated
    # A line of nothing, without a quantity, says nothing.
    if leg.invoiced and leg.billed is None:
        return found | {"unexplained" if leg.estimated else "unmetered": whole}
    off = [line.amount - billed_price(line) for line in leg.lines]
    found["rounding"] = ledger(total([rest for rest in off if abs(rest) < MINOR_UNIT]))
    with localcontext(WIDE):
        stated = total([billed_price(line) for line in leg.lines])
        billed, counted = leg.billed or ZERO, leg.counted or ZERO
        # What has no price says nothing of our price.
        ours, base = (leg.estimated, leg.priced) if leg.priced else (stated, billed)
        if not base:
            found["overmetered" if leg.estimated else "unmetered"] = whole
            return found

        def at_our_price(quantity: Decimal) -> Decimal:
            return ledger(quantity * ours / base)

        timing = gap.documented + moved
        rest = gap.difference - timing
        told = rest if leg.told is None else leg.told - counted
        borne = min(rest, max(told, ZERO)) if rest > 0 else max(rest, min(told, ZERO))
        found["price"] = ledger(stated - billed * ours / base)
        found["timing"] = at_our_price(timing)
        found["unmetered" if rest > 0 else "overmetered"] = at_our_price(borne)
    found["unexplained"] = whole - total(list(found.values()))
    return found


def of_charge(sku: Sku, leg: Leg) -> Amounts:
    """Charges of no meter, as billed; an adjustment is a credit or a fee by its sign."""
    found = dict.fromkeys(COMPONENTS, ZERO)
    for line in leg.lines:
        component = CHARGES.get(sku[5]) or ("credit" if line.amount < 0 else "fee")
        found[component] += line.amount
    return found


def is_awaited(policy: Policy, sku: Sku) -> bool:
    """Whether a month without an invoice is not overdue yet."""
    row = next(policy.in_force("thresholds", sku[0], threshold="invoice_due_days"))
    return policy.as_of < midnight(next_month(sku[0])) + timedelta(days=int(row["value"]))


def bridge(found: Ledger, sides: Legs) -> dict[Sku, Amounts]:
    """{key: {component: amount in the billing currency}}."""
    told = gaps(sides)
    moved = proven(sides, told)
    rows = {}
    for sku, leg in sides.by_sku.items():
        if leg.lines and leg.lines[0].line_type != "usage":
            rows[sku] = of_charge(sku, leg)
        elif sku[:3] not in sides.invoiced and is_awaited(found.policy, sku):
            rows[sku] = dict.fromkeys(COMPONENTS, ZERO) | {"timing": -leg.estimated}
        else:
            rows[sku] = of_usage(leg, told[sku], moved[sku])
    return rows


def charges(sides: Legs) -> dict[Account, Amounts]:
    """{account: what its invoices name themselves}."""
    named: dict[Account, Amounts] = defaultdict(lambda: dict.fromkeys(NAMED, ZERO))
    for sku, leg in sides.by_sku.items():
        if leg.lines and leg.lines[0].line_type != "usage":
            for component, amount in of_charge(sku, leg).items():
                if component in NAMED:
                    named[sku[:4]][component] += amount
    return named


def functional(found: Ledger, sides: Legs) -> dict[Account, dict[str, Near | Decimal | None]]:
    """{account: the variance in the reporting currency, and what of it is the effect of rates}.

    Estimates are booked at the spot rate of each day; their sum gives the month's rate, of twelve places, by which
    every component is translated: the effect is invoiced x (its own rate - the month's). Without an estimate there is
    no rate of the month, and what is the effect of rates is left open.
    """
    policy = found.policy
    booked: dict[Account, Decimal] = defaultdict(lambda: ZERO)
    for call in found.feeds.calls:
        booked[account_of_call(found, call)] += found.call_costs[id(call)].known
    rates = {
        (row["currency_from"], row["rate_date"]): row["rate"]
        for row in policy.rows("fx_rates")
        if row["rate_type"] == "invoice" and row["currency_to"] == policy.reporting_currency
    }
    rows: dict[Account, dict[str, Near | Decimal | None]] = {}
    for account in {sku[:4] for sku in sides.by_sku}:
        legs = [leg for sku, leg in sides.by_sku.items() if sku[:4] == account]
        lines = [line for leg in legs for line in leg.lines]
        home = account[3] == policy.reporting_currency
        billed = [
            ledger(line.amount if home else product(line.amount, rates[line.currency, line.issued])) for line in lines
        ]
        estimated, invoiced = (total([getattr(leg, side) for leg in legs]) for side in ("estimated", "invoiced"))
        rate = Decimal(1) if home else ratio(booked[account], estimated)
        if rate is None:
            rows[account] = {"functional": total(billed), "fx_functional": None}
            continue
        within = STEP * (len(lines) + len(legs) * len(COMPONENTS))
        fx = total(billed) - ledger(product(invoiced, rate))
        whole = fx + ledger(product(invoiced - estimated, rate))
        rows[account] = {"functional": Near(whole, within), "fx_functional": Near(fx, within)}
    return rows
