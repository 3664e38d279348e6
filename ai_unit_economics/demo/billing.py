"""The vendors' side: their usage exports and their invoices, with the differences that real ones have."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from . import company
from .clock import AS_OF, DAY, HOUR, MONTHS, day_of, instant, month_of, next_month, stamp
from .prices import MILLION, PriceBook
from .records import Call, Fact, Json, World

CENT = Decimal("0.01")
UNKNOWN_PRICES = {"input_uncached": Decimal(3), "output": Decimal(12)}
ISSUE_DAY = {"openai": 2, "anthropic": 3, "google": 4, "azure": 5, "mistral": 9}
INVOICE_COLUMNS = [
    "invoice_id",
    "invoice_line_id",
    "issuer",
    "provider",
    "billing_account_id",
    "billing_period_start",
    "billing_period_end",
    "issued_on",
    "status",
    "line_type",
    "model",
    "meter",
    "service_tier",
    "description",
    "quantity",
    "quantity_unit",
    "unit_price",
    "amount",
    "currency",
    "charge_period_start",
    "charge_period_end",
    "reference_invoice_id",
    "ingested_at",
]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Charge:
    """What a vendor counted for one call and meter."""

    provider: str
    account: str
    key: str
    model: str
    meter: str
    tier: str
    counted_at: int
    quantity: int
    unit_price: Decimal
    currency: str

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_price


def plain(value: Decimal) -> str:
    """Decimal text without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def charges_of(call: Call, book: PriceBook) -> list[Charge]:
    """A vendor counts a batch call when the batch is done, bills some timeouts, and Google bills no failed call."""
    usage = call.vendor_usage
    if usage is None or (call.provider == "google" and call.status == "error"):
        return []
    counted_at = call.at + 26 * HOUR if call.tier == "batch" else call.at
    found = []
    for meter, quantity in usage.meters(call.endpoint).items():
        if call.model == company.UNKNOWN_MODEL:
            unit_price, currency = UNKNOWN_PRICES[meter] * MILLION, "USD"
        else:
            priced = book.price(
                call.provider, call.account, call.model, meter, call.tier, usage.input, call.at
            )
            if priced is None:
                raise ValueError(f"{call.model} has no price for {meter} at {stamp(call.at)}")
            unit_price, currency = priced[0] * priced[1], priced[2]
        found.append(
            Charge(
                call.provider,
                call.account,
                call.key,
                call.model,
                meter,
                call.tier,
                counted_at,
                quantity,
                unit_price,
                currency,
            )
        )
    return found


def export_lines(charges: list[Charge]) -> list[Fact]:
    """OpenAI exports a line per day and key, Anthropic and Google one per month and key, the others per month."""
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for charge in charges:
        daily, keyed = charge.provider == "openai", charge.provider in ("openai", "anthropic", "google")
        period = day_of(charge.counted_at) if daily else month_of(charge.counted_at)
        key = (
            period,
            charge.provider,
            charge.account,
            charge.key if keyed else "",
            charge.model,
            charge.meter,
            charge.tier,
            charge.currency,
        )
        sums[key][0] += charge.quantity
        sums[key][1] += charge.amount
    found = []
    for number, key in enumerate(sorted(sums), start=1):
        period, provider, account, api_key, model, meter, tier, currency = key
        starts = instant(period if len(period) == 10 else f"{period}-01")
        ends = starts + DAY if len(period) == 10 else instant(f"{next_month(period)}-01")
        delivered = ends + 7 * HOUR
        if delivered > AS_OF:
            continue
        fields: Json = {
            "line_id": f"pu_{number:06d}",
            "provider": provider,
            "billing_account_id": account,
            "period_start": stamp(starts),
            "period_end": stamp(ends),
            "model": model,
            "meter": meter,
            "service_tier": tier,
            "quantity": plain(sums[key][0]),
            "quantity_unit": "searches" if meter == "web_search" else "tokens",
            "amount": plain(sums[key][1]),
            "currency": currency,
            "api_key_id": api_key or None,
            "ingested_at": stamp(delivered),
        }
        found.append(Fact(starts, delivered, fields))
    return found


class Invoices:
    """Invoice rows by vendor account and month, in the order of delivery."""

    def __init__(self, charges: list[Charge], commitments: Path) -> None:
        self.rows: list[Row] = []
        self.by_invoice: dict[tuple[str, str], dict[tuple[str, ...], list[Decimal]]] = defaultdict(
            lambda: defaultdict(lambda: [Decimal(0)])
        )
        for charge in charges:
            key = (charge.model, charge.meter, charge.tier, plain(charge.unit_price), charge.currency)
            self.by_invoice[charge.account, month_of(charge.counted_at)][key][0] += charge.quantity
        self.providers = {charge.account: charge.provider for charge in charges}
        with commitments.open(newline="", encoding="utf-8") as handle:
            self.commitments = list(csv.DictReader(handle))
        self.billed: dict[str, Decimal] = defaultdict(Decimal)
        self.prepaid_left = Decimal(0)
        for month in MONTHS:
            for account in sorted(self.providers):
                self.issue(account, month)

    def issue(self, account: str, month: str) -> None:
        """One invoice and, in some months, what went wrong with it."""
        provider = self.providers[account]
        issued = instant(f"{next_month(month)}-{ISSUE_DAY[provider]:02d}")
        ingested = AS_OF if (provider, month) == ("azure", "2026-10") else issued + DAY + 9 * HOUR
        if ingested > AS_OF:
            return
        short = {
            "org-halden-prod": "OAI",
            "org-halden-lab": "OAL",
            "ant-halden": "ANT",
            "gcp-halden-ai": "GCP",
            "az-halden-eu": "AZR",
            "mis-halden-eu": "MIS",
        }[account]
        invoice_id = f"{short}-{month}"
        head = {
            "issuer": company.ISSUERS[provider],
            "provider": provider,
            "billing_account_id": account,
            "billing_period_start": f"{month}-01",
            "billing_period_end": f"{next_month(month)}-01",
            "issued_on": day_of(issued),
            "status": "issued",
            "ingested_at": stamp(ingested),
        }
        lines = self.usage_lines(account, month, provider)
        usage_total = sum((Decimal(line["amount"]) for line in lines), Decimal(0))
        lines += self.other_lines(account, month, provider, usage_total)
        currency = next((line["currency"] for line in lines), "USD")
        for line in lines:
            line.setdefault("currency", currency)
        if invoice_id == "OAI-2026-01":
            voided = [dict(line) for line in lines]
            voided[-1]["amount"] = "20.00"
            self.write(head | {"status": "voided"}, "OAI-2026-01", voided)
            later = {
                "issued_on": "2026-02-06",
                "ingested_at": stamp(ingested + 3 * DAY),
                "reference_invoice_id": "OAI-2026-01",
            }
            self.write(head | later, "OAI-2026-01-R", lines)
            return
        self.write(head, invoice_id, lines)
        if invoice_id == "MIS-2026-05":
            self.write(head | {"ingested_at": stamp(ingested + 2 * DAY)}, "MIS-2026-05-B", lines)

    def write(self, head: Row, invoice_id: str, lines: list[Row]) -> None:
        for number, line in enumerate(lines, start=1):
            row = {"invoice_id": invoice_id, "invoice_line_id": str(number), **head, **line}
            self.rows.append({column: row.get(column, "") for column in INVOICE_COLUMNS})

    def usage_lines(self, account: str, month: str, provider: str) -> list[Row]:
        found = []
        for key, (quantity,) in sorted(self.by_invoice[account, month].items()):
            model, meter, tier, unit_price, currency = key
            price = Decimal(unit_price)
            if (account, month, model, meter) == ("ant-halden", "2026-04", "claude-sonnet-4-5", "output"):
                price = Decimal("0.000016") if price == Decimal("0.000015") else price
            if (account, month, model, meter) == (
                "gcp-halden-ai",
                "2026-06",
                "gemini-2.5-flash",
                "input_uncached",
            ):
                quantity = quantity * 108 // 100
            found.append(
                {
                    "line_type": "usage",
                    "model": model,
                    "meter": meter,
                    "service_tier": tier,
                    "description": f"{model} {meter.replace('_', ' ')}",
                    "quantity": plain(quantity),
                    "quantity_unit": "searches" if meter == "web_search" else "tokens",
                    "unit_price": plain(price),
                    "amount": str(cents(quantity * price)),
                    "currency": currency,
                    "charge_period_start": f"{month}-01",
                    "charge_period_end": f"{next_month(month)}-01",
                }
            )
        self.billed[account] += sum((Decimal(line["amount"]) for line in found), Decimal(0))
        return found

    def other_lines(self, account: str, month: str, provider: str, usage_total: Decimal) -> list[Row]:
        """Credits, commitment, fee, rounding and tax."""
        found: list[Row] = []
        if provider == "google" and month in ("2025-12", "2026-03", "2026-06"):
            found.append({"line_type": "credit", "description": "Promotional credit", "amount": "-3.00"})
        if (account, month) == ("ant-halden", "2026-05"):
            over = next(
                row
                for row in self.rows
                if row["invoice_id"] == "ANT-2026-04"
                and row["meter"] == "output"
                and row["unit_price"] == "0.000016"
            )
            amount = cents(Decimal(over["quantity"]) * Decimal("0.000001"))
            found.append(
                {
                    "line_type": "credit",
                    "model": over["model"],
                    "meter": "output",
                    "description": "Price correction of April",
                    "amount": str(-amount),
                    "reference_invoice_id": "ANT-2026-04",
                }
            )
        for commitment in self.commitments:
            if commitment["billing_account_id"] == account:
                found += self.commitment_lines(commitment, month, usage_total)
        if account == "org-halden-prod":
            found.append({"line_type": "fee", "description": "Support plan", "amount": "2.00"})
        if provider == "azure" and month in ("2025-11", "2026-02", "2026-07"):
            found.append({"line_type": "rounding", "description": "Rounding", "amount": "-0.01"})
        net = usage_total + sum((Decimal(line["amount"]) for line in found), Decimal(0))
        percent = {"anthropic": 8, "azure": 21}.get(provider, 0)
        if percent:
            found.append(
                {
                    "line_type": "tax",
                    "description": f"Tax {percent} %",
                    "amount": str(cents(net * percent / 100)),
                }
            )
        return found

    def commitment_lines(self, commitment: Row, month: str, usage_total: Decimal) -> list[Row]:
        """A minimum is topped up in the last month of its term; a prepayment is bought first and drawn down."""
        amount = Decimal(commitment["amount"])
        if commitment["kind"] == "minimum_spend":
            missing = amount - self.billed[commitment["billing_account_id"]]
            if next_month(month) == commitment["period_end"][:7] and missing > 0:
                return [
                    {
                        "line_type": "commitment",
                        "description": "Shortfall against the minimum",
                        "amount": str(missing),
                        "charge_period_start": commitment["period_start"],
                        "charge_period_end": commitment["period_end"],
                    }
                ]
            return []
        found: list[Row] = []
        if month == commitment["period_start"][:7]:
            self.prepaid_left = amount
            found.append(
                {
                    "line_type": "prepayment",
                    "description": "Prepaid balance bought",
                    "amount": str(amount),
                    "charge_period_start": commitment["period_start"],
                    "charge_period_end": commitment["period_end"],
                }
            )
        used = min(self.prepaid_left, usage_total)
        if used > 0:
            self.prepaid_left -= used
            found.append(
                {"line_type": "credit", "description": "Prepaid balance applied", "amount": str(-used)}
            )
        return found


def bill(world: World, book: PriceBook, commitments: Path) -> tuple[list[Fact], list[Row]]:
    """(export lines, invoice rows) for all calls, quarantined and unlogged ones too: the vendor cannot tell."""
    charges = [charge for call in [*world.calls, *world.unlogged] for charge in charges_of(call, book)]
    return export_lines(charges), Invoices(charges, commitments).rows
