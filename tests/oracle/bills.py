"""Exports and invoices that follow what a world's calls used, and depart from it where vendors do.

By quantity (more, less, not at all, in the next month, never metered), by price, by cents, by what a document names,
by documents that are repeated, replaced, voided or late. Drawn apart: the other draws of a seed stay as they are.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .times import DAY, instant, month, next_month

if TYPE_CHECKING:
    from .worlds import Fields, Maker

Sku = tuple[str, str, str]  # model, meter, service tier
METERS = {"input_uncached": "input_tokens", "output": "output_tokens", "cache_read": "cached_input_tokens"}
CENT = Decimal("0.01")
MILLION = Decimal(1_000_000)
NEVER_METERED = ("m2", "cache_write_1h", "flex")


@dataclass
class Use:
    """Tokens by month and key; of them those of the month's last day."""

    whole: dict[tuple[date, Sku], int] = field(default_factory=lambda: defaultdict(int))
    late: dict[tuple[date, Sku], int] = field(default_factory=lambda: defaultdict(int))


def used(maker: Maker, account: Fields) -> Use:
    """What the readable calls of an account used, by the names of its vendor's list, roughly."""
    found = Use()
    for record in maker.world.feeds.get("ai_usage_events", []):
        if isinstance(record, str) or record.get("billing_account_id") != account["billing_account_id"]:
            continue
        at, usage = instant(record.get("timestamp_utc"))[0], record.get("usage")
        vendor, model = str(record.get("provider")).lower(), str(record.get("model_or_deployment")).lower()
        if at is None or not isinstance(usage, dict) or vendor.replace("_", "") != account["provider"].replace("_", ""):
            continue
        counts = {name: value for name, value in usage.items() if type(value) is int and 0 <= value < 10**9}
        inputs = counts.get("input_tokens", 0) - sum(
            counts.get(part, 0) for part in ("cached_input_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens")
        )
        counts["input_tokens"] = max(inputs, 0)
        named = {"m1-2026": "m1", "latest": "m2"}.get(model, model)
        first = month(at.date())
        for meter, name in METERS.items():
            sku = (named, meter, record.get("service_tier") or "standard")
            if counts.get(name):
                found.whole[first, sku] += counts[name]
                if at + DAY >= datetime.combine(next_month(first), datetime.min.time()):
                    found.late[first, sku] += counts[name]
    return found


def price_per_million(maker: Maker, sku: Sku) -> Decimal:
    """A price that is near to ours, or ours."""
    listed = [
        row["price"] * 1_000_000 / row["per_quantity"]
        for row in maker.world.policy["list_prices"]
        if (row["model"], row["meter"], row["service_tier"]) == sku
    ]
    base = maker.pick(*listed) if listed else Decimal("2.5")
    return (base * maker.pick(1, 1, 1, Decimal("1.1"), Decimal("0.9"))).quantize(Decimal("0.000000001"))


def use_line(maker: Maker, sku: Sku, quantity: int, names: str, **more: Any) -> Fields:
    """A line of use: the price stated or not, the amount in cents, exact or off."""
    price = price_per_million(maker, sku)
    exact = price * quantity / MILLION
    off = maker.pick(*map(Decimal, ("0.004", "-0.009999", "0.01", "-3", "0.25")))
    if exact + off < 0:  # what a negative amount of a positive quantity is, nobody says
        off = Decimal(0)
    amount = maker.pick(exact, exact, exact + off)
    if maker.chance(0.6):
        amount = amount.quantize(CENT)
    amount = amount.quantize(Decimal("0.000000000001"))
    model, meter, tier = sku
    line: Fields = {
        "line_type": "usage",
        "model": model if "model" in names else None,
        "meter": meter if "meter" in names else None,
        "service_tier": tier if "tier" in names else None,
        "amount": f"{amount:f}",
    }
    if maker.chance(0.95):
        by_million = maker.chance(0.6)
        line |= {"quantity": f"{quantity / MILLION:f}" if by_million else quantity}
        line |= {"quantity_unit": "MTok" if by_million else "tokens"}
        if by_million and maker.chance(0.7):
            line["unit_price"] = f"{price:f}"
    return line | more


def charges(maker: Maker) -> list[Fields]:
    """What else vendors put on a bill."""
    drawn = {
        "fee": ("150.00", "0.01"),
        "credit": ("-1.25", "-100"),
        "tax": ("8.17",),
        "rounding": ("0.004", "-0.01"),
        "commitment": ("80.00",),
        "prepayment": ("600",),
        "adjustment": ("-0.5", "0.5"),
    }
    kinds = maker.rng.sample(sorted(drawn), maker.pick(0, 0, 1, 2, 3))
    return [{"line_type": kind, "amount": maker.pick(*drawn[kind])} for kind in kinds]


def documents(maker: Maker, lines: list[Fields], head: Fields) -> list[Fields]:
    """The lines as a document: alone, delivered again, billed twice, voided and issued anew, or replaced."""
    last = maker.as_of.date()
    one = head | {"invoice_id": maker.number("bill"), "status": maker.pick("issued", None)}
    other = head | {"invoice_id": maker.number("bill"), "issued_on": min(one["issued_on"] + DAY, last)}
    found = [one | line | {"invoice_line_id": str(number)} for number, line in enumerate(lines)]
    fate = maker.pick(*["alone"] * 7, "again", "twice", "anew", "replaced", "draft", "voided")
    copies = [line | {"invoice_id": other["invoice_id"], "issued_on": other["issued_on"]} for line in found]
    if fate == "again" and other["issued_on"] > one["issued_on"]:
        found += [line | {"issued_on": other["issued_on"], "invoice_line_id": f"{line['invoice_line_id']}b"}
                  for line in found]  # fmt: skip
    elif fate == "twice":
        found += copies
    elif fate in ("anew", "replaced"):
        old = [line | {"status": "voided"} for line in found] if fate == "anew" else found
        found = old + [line | {"reference_invoice_id": one["invoice_id"]} for line in copies]
    elif fate in ("draft", "voided"):
        found = [line | {"status": fate} for line in found]
    return found


def bills(maker: Maker) -> None:
    """In seven worlds of ten, an account's papers follow its calls instead of nothing in particular."""
    drawn, maker.rng = maker.rng, random.Random(f"{maker.world.seed} bills")
    for account in maker.world.policy["billing_accounts"]:
        if maker.chance(0.7):
            name = account["billing_account_id"]
            for feed in ("provider_usage", "invoice_lines"):
                maker.world.feeds[feed] = [
                    row
                    for row in maker.world.feeds.get(feed, [])
                    if isinstance(row, str) or row["billing_account_id"] != name
                ]
            follow(maker, account)
    maker.rng = drawn


def follow(maker: Maker, account: Fields) -> None:
    """The account's exports and invoices, month by month."""
    use = used(maker, account)
    names = maker.pick("model meter tier", "model meter tier", "model meter tier", "model meter", "model tier", "none")
    exported = maker.pick("nothing", "use", "use", "bill", "other")
    first = month(maker.begin.date())
    carried: list[tuple[Sku, int, Fields]] = []
    while first <= maker.as_of.date():
        end = next_month(first)
        lines, carried = carried, []
        for sku in sorted({sku for at, sku in use.whole if at == first}):
            quantity, late = use.whole[first, sku], use.late[first, sku]
            fate = maker.pick("same", "same", "same", "more", "less", "gone", "late", "late")
            if fate == "late" and late:
                moved = maker.pick(late, max(late // 2, 1))
                told: Fields = {"charge_period_start": end - DAY, "charge_period_end": end}
                carried.append((sku, moved, told if maker.chance(0.5) else {}))
                quantity -= moved
            quantity += {"more": maker.pick(1, 1000, 900_000), "less": -(quantity // 3), "gone": -quantity}.get(fate, 0)
            if quantity:
                lines.append((sku, quantity, {}))
        if maker.chance(0.3):
            lines.append((NEVER_METERED, maker.pick(1, 777_777), {}))
        export(maker, account, first, exported, use, lines)
        if end <= maker.as_of.date() and lines and maker.chance(0.85):
            head = {
                "issuer": account["issuer"],
                "provider": account["provider"],
                "billing_account_id": account["billing_account_id"],
                "billing_period_start": first,
                "billing_period_end": end,
                "issued_on": min(end + 2 * DAY, maker.as_of.date()),
                "currency": account["currency"],
            }
            drawn = [use_line(maker, sku, quantity, names, **more) for sku, quantity, more in lines] + charges(maker)
            for line in documents(maker, drawn, head):
                maker.add("invoice_lines", line)
        else:
            carried = []
        first = end


def export(
    maker: Maker, account: Fields, first: date, exported: str, use: Use, lines: list[tuple[Sku, int, Fields]]
) -> None:
    """The vendor's own count of a month: of the use, of the bill, or of neither."""
    by_sku: dict[Sku, int] = defaultdict(int)
    if exported == "bill":
        for sku, quantity, _ in lines:
            by_sku[sku] += quantity
    elif exported != "nothing":
        by_sku |= {sku: quantity for (at, sku), quantity in use.whole.items() if at == first}
    for sku in sorted(by_sku):
        quantity = by_sku[sku] + (maker.pick(0, 1, -1, 500, -500, 90_000) if exported == "other" else 0)
        if quantity < 0 or (exported == "other" and maker.chance(0.2)):
            continue
        day = first + maker.rng.randrange(28) * DAY
        line = {
            "line_id": maker.number("export"),
            "provider": account["provider"],
            "billing_account_id": account["billing_account_id"],
            "period_start": f"{day}T00:00:00Z",
            "period_end": f"{day + DAY}T00:00:00Z",
            "model": sku[0],
            "meter": sku[1],
            "service_tier": sku[2],
            "quantity": f"{quantity / MILLION:f}" if maker.chance(0.3) else str(quantity),
            "quantity_unit": "tokens",
            "amount": maker.pick("0.01", "12.345", "3"),
            "currency": account["currency"],
        }
        if line["quantity"] != str(quantity):
            line["quantity_unit"] = "MTok"
        if datetime.combine(day, datetime.min.time()) <= maker.as_of:
            maker.add("provider_usage", line)
