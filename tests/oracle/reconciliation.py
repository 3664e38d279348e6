"""The three legs of a billed month: what we reckoned, what the vendor exported, what it invoiced (semantics.md 8).

Sums by month, issuer, billing account and currency, and our own by model and meter. Of the bridge between the legs: its
sum, and the components that an invoice names; price, timing, metering and rounding are not derived here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from .ledger import Ledger
from .money import ZERO
from .owners import lookup
from .policy import Policy
from .times import month

NOBODY = "__none__"
NAMED = ("fee", "credit", "tax", "commitment")
Account = tuple[date, str, str, str]  # month, issuer, billing account, currency
Sku = tuple[date, str, str, str, str, str, str]  # with model, meter and service tier


def issuer_of(policy: Policy, account: str | None, provider: str) -> str:
    """Who issues an account's invoices: as policy says of this provider's account, else the provider."""
    row = lookup(policy, "billing_accounts", "billing_account_id", account)
    return row["issuer"] if row and row["provider"] == provider else provider


def estimates(found: Ledger) -> dict[Sku, Decimal]:
    """Our own cost by what is billed; what only its producer told is under the meter `reported`."""
    sums: dict[Sku, Decimal] = defaultdict(lambda: ZERO)
    for call in found.feeds.calls:
        cost = found.call_costs[id(call)]
        if cost.amount is None or cost.currency is None:
            continue
        provider = found.book.provider(call.provider)
        who = (month(call.at.date()), issuer_of(found.policy, call.account, provider), call.account or NOBODY)
        meters = {meter: amount for meter, (_, amount) in cost.meters.items() if amount is not None}
        if cost.basis == "reported":
            meters = {"reported": cost.amount}
        for meter, amount in meters.items():
            sums[*who, cost.currency, cost.model, meter, call.tier] += amount
    return dict(sums)


def exports(found: Ledger) -> dict[Account, Decimal]:
    """The vendor's own cost export."""
    sums: dict[Account, Decimal] = defaultdict(lambda: ZERO)
    for line in found.feeds.exports:
        if line.amount is not None and line.currency is not None:
            issuer = issuer_of(found.policy, line.account, found.book.provider(line.provider))
            sums[month(line.start.date()), issuer, line.account, line.currency] += line.amount
    return dict(sums)


def invoices(found: Ledger) -> dict[Account, Decimal]:
    """Payable invoice lines: drafts and voided documents do not count."""
    sums: dict[Account, Decimal] = defaultdict(lambda: ZERO)
    for line in found.feeds.invoice_lines:
        if line.status == "issued":
            sums[month(line.start), line.issuer, line.account, line.currency] += line.amount
    return dict(sums)


def legs(found: Ledger) -> dict[Account, dict[str, Decimal]]:
    """The legs side by side, without accounts that have none."""
    ours: dict[Account, Decimal] = defaultdict(lambda: ZERO)
    for sku, amount in estimates(found).items():
        ours[sku[:4]] += amount
    theirs, billed = exports(found), invoices(found)
    rows = {
        key: {
            "estimated_amount": ours.get(key, ZERO),
            "exported_amount": theirs.get(key, ZERO),
            "invoiced_amount": billed.get(key, ZERO),
        }
        for key in ours.keys() | theirs.keys() | billed.keys()
    }
    return {key: row for key, row in rows.items() if any(row.values())}


def variances(found: Ledger) -> dict[Account, dict[str, Decimal]]:
    """Invoice less estimate, and what of it the invoice itself names: fees, credits, tax, commitments."""
    named: dict[Account, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(NAMED, ZERO))
    for line in found.feeds.invoice_lines:
        if line.status == "issued" and line.line_type in NAMED:
            named[month(line.start), line.issuer, line.account, line.currency][line.line_type] += line.amount
    return {
        key: {"total": row["invoiced_amount"] - row["estimated_amount"]} | named[key]
        for key, row in legs(found).items()
    }
