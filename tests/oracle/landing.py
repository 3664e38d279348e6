"""Which delivered lines are kept, duplicates or quarantined, and why (input_contract.md 2, reliability.md 2.4 to 2.7).

A record is rejected for the first of its reasons in the order of the vocabulary. Of several copies of one key the one
that became known last is kept.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from . import records
from .policy import Policy, midnight
from .times import instant

MONEY = re.compile(r"-?(0|[1-9][0-9]{0,17})([.][0-9]{1,12})?", re.ASCII)
QUANTITY = re.compile(r"-?(0|[1-9][0-9]{0,13})([.][0-9]{1,6})?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
CAP = 999_999_999
LONGEST_LINE = 1_000_000
TOKENS = {
    "input_tokens": "bad_input_tokens",
    "cached_input_tokens": "bad_cache_read_tokens",
    "cache_write_5m_tokens": "bad_cache_write_5m_tokens",
    "cache_write_1h_tokens": "bad_cache_write_1h_tokens",
    "output_tokens": "bad_output_tokens",
    "reasoning_tokens": "bad_reasoning_tokens",
    "total_tokens": "bad_total_tokens",
}
LAYERS = frozenset(
    "model_api model_hosting embedding retrieval tool_integration human_review observability platform "
    "security_compliance evaluation data_licence".split()
)
EMBEDDING_ENDPOINTS = frozenset({"embeddings", "embedding", "rerank"})
LINE_TYPES = frozenset("usage commitment prepayment credit fee tax rounding adjustment".split())
JSON_FEEDS = ("ai_usage_events", "unit_events", "human_reviews", "metered_costs", "provider_usage")
CSV_FEEDS = ("shared_costs", "invoice_lines", "tenant_revenue")


class Line:
    """One line as it is read: its fields, the reasons against it, its key and when it became known."""

    def __init__(self, fields: Mapping[str, Any], policy: Policy) -> None:
        self.fields = fields
        self.policy = policy
        self.reasons: set[str] = set()
        self.at: datetime | None = None

    def reject(self, reason: str | None) -> None:
        if reason:
            self.reasons.add(reason)

    def text(self, name: str) -> str | None:
        """An optional text; blanks are not told."""
        value = self.fields.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def identity(self, name: str, reason: str | None = None) -> str:
        """A required id: text of 1 to 256 characters without control characters."""
        value, reason = self.fields.get(name), reason or name
        if value is None or (isinstance(value, str) and not value.strip()):
            self.reject(f"missing_{reason}")
            return ""
        if not isinstance(value, str) or len(value.strip()) > 256 or any(ord(mark) < 32 for mark in value.strip()):
            self.reject(f"bad_{reason}")
            return ""
        return value.strip()

    def required(self, name: str, reason: str | None = None) -> str:
        """A required text."""
        found = self.text(name)
        self.reject(None if found else f"missing_{reason or name}")
        return found or ""

    def time(self, name: str, is_required: bool = True) -> datetime | None:
        """An instant."""
        value = self.fields.get(name)
        if not is_required and (value is None or value == ""):
            return None
        found, reason = instant(value)
        self.reject(reason)
        return found

    def day(self, name: str) -> date:
        """A required day of a CSV row."""
        value = str(self.fields.get(name) or "").strip()
        if not value:
            self.reject("missing_timestamp")
        elif DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self.reject("bad_timestamp")
        else:
            self.reject("bad_timestamp")
        return date.min

    def money(self, value: Any) -> Decimal | None:
        """An amount as a decimal text, or None."""
        if value is None or value == "":
            return None
        if not isinstance(value, str) or not MONEY.fullmatch(value.strip()):
            self.reject("bad_amount")
            return None
        return Decimal(value.strip())

    def quantity(self, name: str) -> Decimal | None:
        """A quantity as a plain decimal, or None."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not QUANTITY.fullmatch(str(value).strip()):
            self.reject("bad_quantity")
            return None
        return Decimal(str(value).strip())

    def currency(self, value: Any) -> str | None:
        """A currency beside an amount."""
        if isinstance(value, str) and CURRENCY.fullmatch(value.strip()):
            return value.strip()
        self.reject("bad_currency")
        return None

    def environment(self, default: str | None) -> str | None:
        """The environment that policy makes of the reported one; an unknown spelling is `unknown`."""
        told = self.text("environment")
        if told is None:
            return default
        return self.policy.environments.get(told, "unknown")

    def owners(self) -> records.Owners:
        return records.Owners(
            **{
                name: self.text(name)
                for name in ("application", "workflow", "agent_id", "tenant_id", "team", "cost_center")
            }
        )


def unit_of(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """The unit that an object names, whole or not at all."""
    kind, unit = fields.get("unit_type"), fields.get("unit_id")
    if isinstance(kind, str) and isinstance(unit, str) and kind.strip() and unit.strip():
        return kind.strip(), unit.strip()
    return None


def count(line: Line, name: str, value: Any, reason: str) -> int | None:
    """A whole JSON number from 0 to the cap, or None where it is not told."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= CAP:
        line.reject(reason)
        return None
    return value


def read_call(line: Line) -> tuple[tuple[Any, ...], records.Call]:
    """One line of ai_usage_events."""
    fields = line.fields
    request_id = line.identity("request_id")
    provider, model = line.required("provider"), line.required("model_or_deployment", "model")
    line.at = line.time("timestamp_utc")
    told = fields.get("usage")
    told = told if isinstance(told, Mapping) else {}
    usage: dict[str, int] = {}
    for name, value in told.items():
        found = count(line, name, value, TOKENS.get(name, "bad_quantity"))
        if found is not None:
            usage[name] = found
    requests = usage.pop("requests", 1)
    whole = usage.pop("total_tokens", None)
    inputs, outputs = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    if whole is not None and whole != inputs + outputs:
        line.reject("total_mismatch")
    parts = sum(usage.get(f"{part}_tokens", 0) for part in ("cached_input", "cache_write_5m", "cache_write_1h"))
    if parts > inputs or usage.get("reasoning_tokens", 0) > outputs:
        line.reject("component_exceeds_total")
    estimate = fields.get("cost_estimate")
    reported = None
    if isinstance(estimate, Mapping) and estimate.get("amount") is not None:
        amount = line.money(estimate.get("amount"))
        currency = line.currency(estimate.get("currency"))
        reported = (amount, currency) if amount is not None and currency else None
    layer = line.text("layer")
    if layer is not None and layer not in LAYERS:
        line.reject("unknown_layer")
    endpoint = line.text("endpoint")
    default_layer = "embedding" if endpoint in EMBEDDING_ENDPOINTS else "model_api"
    routing = fields.get("routing")
    routing = routing if isinstance(routing, Mapping) else {}
    call = records.Call(
        request_id=request_id,
        provider=provider,
        account=line.text("billing_account_id"),
        at=line.at or datetime.min,
        known=line.time("ingested_at", is_required=False),
        environment=line.environment("unknown") or "unknown",
        owners=line.owners(),
        model=model,
        tier=line.text("service_tier") or "standard",
        layer=layer or default_layer,
        usage=usage,
        requests=requests,
        units=units_of(fields),
        reported=reported,
        step=line.text("step"),
        key=line.text("api_key_id"),
        endpoint=endpoint,
        status=line.text("status"),
        attempt=routing.get("attempt_number"),
        is_fallback=bool(routing.get("fallback_used")),
        retry_of=routing.get("retry_of_request_id"),
    )
    return (provider, call.account, request_id), call


def units_of(fields: Mapping[str, Any]) -> tuple[tuple[str, str, Decimal | None], ...]:
    """The units that a call or charge served, each with its share as told."""
    listed = fields.get("business_units")
    if isinstance(listed, list):
        found = []
        for entry in listed:
            unit = unit_of(entry)
            share = entry.get("share")
            if unit:
                found.append((*unit, None if share is None else Decimal(str(share))))
        return tuple(found)
    unit = unit_of(fields.get("business_unit") or {})
    return ((*unit, None),) if unit else ()


def read_fact(line: Line) -> tuple[tuple[Any, ...], records.Fact]:
    """One line of unit_events."""
    fields = line.fields
    unit_type, unit_id = line.identity("unit_type"), line.identity("unit_id")
    kind = line.text("event_type")
    if kind not in ("opened", "outcome", "reopened", "cancelled"):
        line.reject("unknown_event_type")
    outcome = line.text("outcome") if kind == "outcome" else None
    if kind == "outcome" and outcome is None:
        line.reject("missing_outcome")
    elif outcome is not None and (unit_type, outcome) not in line.policy.outcomes:
        line.reject("unknown_status")
    line.at = line.time("occurred_at")
    amount = line.money(fields.get("value_amount"))
    value = None
    if amount is not None:
        currency = line.currency(fields.get("value_currency"))
        value = (amount, currency) if currency else None
    csat = fields.get("csat")
    if csat is not None and (isinstance(csat, bool) or not 0 <= Decimal(str(csat)) <= 1):
        line.reject("bad_csat")
    fact = records.Fact(
        environment=line.environment("production") or "",
        unit_type=unit_type,
        unit_id=unit_id,
        kind=kind or "",
        outcome=outcome,
        at=line.at or datetime.min,
        known=line.time("ingested_at", is_required=False),
        owners=line.owners(),
        event_id=line.text("event_id"),
        value=value,
        cohort=line.text("cohort"),
    )
    if fact.event_id:
        return (fact.event_id,), fact
    return (fact.environment, unit_type, unit_id, fact.kind, outcome, fact.at), fact


def read_review(line: Line) -> tuple[tuple[Any, ...], records.Review]:
    """One line of human_reviews."""
    review_id = line.identity("review_id")
    unit_type, unit_id = line.identity("unit_type"), line.identity("unit_id")
    role = line.required("reviewer_role")
    line.at = line.time("started_at")
    end = line.time("ended_at", is_required=False)
    told = line.fields.get("minutes")
    minutes = Decimal(0)
    if told is not None:
        if isinstance(told, bool) or not QUANTITY.fullmatch(str(told)) or not 0 <= Decimal(str(told)) <= 1440:
            line.reject("bad_minutes")
        else:
            minutes = Decimal(str(told))
    elif line.at and end:
        if end < line.at:
            line.reject("bad_interval")
        elif end - line.at > timedelta(hours=24):
            line.reject("bad_minutes")
        else:
            minutes = minutes_between(line.at, end)
    elif end is None:
        line.reject("bad_minutes")
    review = records.Review(
        review_id=review_id,
        unit_type=unit_type,
        unit_id=unit_id,
        environment=line.environment(None),
        role=role,
        reviewer=line.text("reviewer_id"),
        start=line.at or datetime.min,
        minutes=minutes,
        known=line.time("ingested_at", is_required=False),
        team=line.text("team"),
        end=end if told is None else None,
    )
    return (review_id,), review


def minutes_between(start: datetime, end: datetime) -> Decimal:
    """Minutes at six decimals, half up (quantities: semantics.md section 1)."""
    from .money import from_units, nearest

    microseconds = (end - start) // timedelta(microseconds=1)
    return from_units(nearest(microseconds, 60), 6)


def read_charge(line: Line) -> tuple[tuple[Any, ...], records.Charge]:
    """One line of metered_costs."""
    fields = line.fields
    charge_id = line.identity("charge_id")
    line.at = line.time("occurred_at")
    layer = line.text("layer")
    if layer not in LAYERS:
        line.reject("unknown_layer")
    service = line.required("service")
    amount, quantity = line.money(fields.get("amount")), line.quantity("quantity")
    currency = line.currency(fields.get("currency")) if fields.get("amount") is not None else None
    if amount is None and quantity is None and not line.reasons:
        line.reject("bad_amount")
    own = unit_of(fields) or unit_of(fields.get("business_unit") or {})
    charge = records.Charge(
        charge_id=charge_id,
        at=line.at or datetime.min,
        layer=layer or "",
        service=service,
        amount=amount,
        currency=currency,
        quantity=quantity,
        quantity_unit=line.text("quantity_unit"),
        environment=line.environment(None),
        owners=line.owners(),
        units=((*own, None),) if own else units_of(fields),
        known=line.time("ingested_at", is_required=False),
    )
    return (charge_id,), charge


def read_export(line: Line) -> tuple[tuple[Any, ...], records.Export]:
    """One line of provider_usage."""
    fields = line.fields
    line_id, provider = line.identity("line_id"), line.required("provider")
    account = line.required("billing_account_id")
    line.at, end = line.time("period_start"), line.time("period_end")
    amount = line.money(fields.get("amount"))
    export = records.Export(
        line_id=line_id,
        provider=provider,
        account=account,
        start=line.at or datetime.min,
        end=end or datetime.min,
        model=line.text("model"),
        meter=line.text("meter"),
        tier=line.text("service_tier"),
        quantity=line.quantity("quantity"),
        quantity_unit=line.text("quantity_unit"),
        amount=amount,
        currency=line.currency(fields.get("currency")) if amount is not None else None,
        key=line.text("api_key_id"),
        known=line.time("ingested_at", is_required=False),
    )
    return (provider, account, line_id), export


def read_shared_cost(line: Line) -> tuple[tuple[Any, ...], records.SharedCost]:
    """One row of shared_costs."""
    identifier, pool = line.identity("shared_cost_id"), line.required("pool")
    layer = line.text("layer")
    if layer not in LAYERS:
        line.reject("unknown_layer")
    start, end = line.day("period_start"), line.day("period_end")
    line.at = midnight(start)
    amount = line.money(line.fields.get("amount") or None)
    if amount is None:
        line.reject("bad_amount")
    cost = records.SharedCost(
        shared_cost_id=identifier,
        pool=pool,
        layer=layer or "",
        start=start,
        end=end,
        amount=amount or Decimal(0),
        currency=line.currency(line.fields.get("currency")) or "",
        environment=line.environment("production") or "",
        account=line.text("billing_account_id"),
        capacity=line.quantity("capacity_quantity"),
        capacity_unit=line.text("capacity_unit"),
        known=line.time("ingested_at", is_required=False),
    )
    return (identifier, start), cost


def read_invoice_line(line: Line) -> tuple[tuple[Any, ...], records.InvoiceLine]:
    """One row of invoice_lines."""
    invoice_id, line_id = line.identity("invoice_id"), line.identity("invoice_line_id")
    issuer, account = line.required("issuer"), line.required("billing_account_id")
    line_type = line.text("line_type")
    if line_type not in LINE_TYPES:
        line.reject("unknown_line_type")
    start, end, issued = line.day("billing_period_start"), line.day("billing_period_end"), line.day("issued_on")
    line.at = midnight(issued)
    amount = line.money(line.fields.get("amount") or None)
    if amount is None:
        line.reject("bad_amount")
    found = records.InvoiceLine(
        invoice_id=invoice_id,
        line_id=line_id,
        issuer=issuer,
        provider=line.text("provider"),
        account=account,
        start=start,
        end=end,
        issued=issued,
        status=line.text("status") or "issued",
        line_type=line_type or "",
        model=line.text("model"),
        meter=line.text("meter"),
        tier=line.text("service_tier"),
        quantity=line.quantity("quantity"),
        quantity_unit=line.text("quantity_unit"),
        unit_price=line.money(line.fields.get("unit_price") or None),
        amount=amount or Decimal(0),
        currency=line.currency(line.fields.get("currency")) or "",
        reference=line.text("reference_invoice_id"),
        known=line.time("ingested_at", is_required=False),
        charged_from=line.day("charge_period_start") if line.text("charge_period_start") else None,
        charged_to=line.day("charge_period_end") if line.text("charge_period_end") else None,
    )
    return (issuer, invoice_id, line_id), found


READERS: dict[str, Callable[[Line], tuple[tuple[Any, ...], Any]]] = {
    "ai_usage_events": read_call,
    "unit_events": read_fact,
    "human_reviews": read_review,
    "metered_costs": read_charge,
    "provider_usage": read_export,
    "shared_costs": read_shared_cost,
    "invoice_lines": read_invoice_line,
}
KEPT_IN = {
    "ai_usage_events": "calls",
    "unit_events": "facts",
    "human_reviews": "reviews",
    "metered_costs": "charges",
    "provider_usage": "exports",
    "shared_costs": "shared_costs",
    "invoice_lines": "invoice_lines",
}


def lines_of(feed: str, content: bytes) -> Iterable[Mapping[str, Any] | str]:
    """Each record of a file as fields, or the reason why it has none. Blank lines are no records."""
    if feed in CSV_FEEDS:
        header, *rows = csv.reader(io.StringIO(content.decode().removeprefix("\ufeff"), newline=""))
        for row in rows:
            if row:
                yield dict(zip(header, row, strict=True)) if len(row) == len(header) else "wrong_column_count"
        return
    for raw in re.split(rb"\r?\n", content.removeprefix(b"\xef\xbb\xbf")):
        if not raw.strip():
            continue
        try:
            text = raw.decode()
            found = json.loads(text, strict=True)
            json.dumps(found, ensure_ascii=False).encode()
        except ValueError:
            yield "malformed_json"
            continue
        if not isinstance(found, dict):
            yield "not_an_object"
        elif len(text) > LONGEST_LINE:
            yield "line_too_long"
        else:
            yield found


def reject_reason(line: Line, order: Mapping[str, int]) -> str | None:
    """The first reason of a record, those that depend on the moment of speaking included."""
    reasons = set(line.reasons)
    policy = line.policy
    if line.at is not None:
        if line.at > policy.as_of + timedelta(seconds=policy.skew_seconds):
            reasons.add("future_timestamp")
        earliest = midnight(policy.earliest)
        if earliest is not None and line.at < earliest:
            reasons.add("before_start")
    return min(reasons, key=lambda reason: order[reason]) if reasons else None


def land(files: Mapping[str, list[bytes]], policy: Policy, before: datetime = datetime.max) -> records.Feeds:
    """{feed: contents of its files} to what is kept of all that was known before an instant, and the fate of every
    record.
    """
    found = records.Feeds()
    order = {row["reject_reason"]: row["sort_order"] for row in policy.rows("reject_reasons")}
    for feed, reader in READERS.items():
        fates: Counter[str] = Counter()
        copies: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
        for content in files.get(feed, []):
            for fields in lines_of(feed, content):
                fates["landed"] += 1
                if isinstance(fields, str):
                    fates[fields] += 1
                    continue
                line = Line(fields, policy)
                key, record = reader(line)
                reason = reject_reason(line, order)
                if reason:
                    fates[reason] += 1
                elif known_at(record, line) < before:
                    copies[key].append((known_at(record, line), record))
        kept = [max(same, key=lambda copy: copy[0])[1] for same in copies.values()]
        fates["kept"] = len(kept)
        fates["duplicate"] = sum(map(len, copies.values())) - len(kept)
        found.conflicts[feed] = sum(conflicting(same) for same in copies.values())
        found.fates.update({(feed, fate): number for fate, number in fates.items() if number})
        setattr(found, KEPT_IN[feed], kept)
    return found


def known_at(record: Any, line: Line) -> datetime:
    """When a record became known: as told, else when it happened."""
    return record.known or line.at or datetime.min


def conflicting(copies: list[Any]) -> bool:
    """Whether copies of one key differ in more than when they became known."""
    import dataclasses

    return len({repr(dataclasses.replace(record, known=None)) for _, record in copies}) > 1
