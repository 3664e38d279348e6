"""The catalogue of bad inputs as files: each record of it stands in a file of its own between two good records.

A file tells by its name which case it is (`047_e.jsonl`), so that what became of its record is read from the counts
per file, and its good neighbours show that a bad line neither stops nor shifts what surrounds it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden import World

USAGE, EVENTS, REVIEWS, CHARGES = "ai_usage_events", "unit_events", "human_reviews", "metered_costs"
POOLS, INVOICES = "shared_costs", "invoice_lines"
ID_FIELD = {USAGE: "request_id", EVENTS: "event_id", REVIEWS: "review_id", CHARGES: "charge_id"}
POOL_HEADER = "shared_cost_id,pool,layer,period_start,period_end,amount,currency"
TENANT = "Tenant-A"


@dataclass(frozen=True)
class Case:
    """One input: its number in the catalogue, its feed, the bytes of its lines and what must become of them.

    `fate` is `kept`, `duplicate` or the reject reason of the last line; all lines before it are kept. `flag` is the
    flag that has to name it.
    """

    number: int
    variant: str
    feed: str
    lines: tuple[bytes, ...]
    fate: str = "kept"
    flag: str | None = None

    @property
    def marks(self) -> set[str]:
        """What the subject of the case's flag may hold: the case's name, or the value that only it has."""
        told = [json.loads(line) for line in self.lines] if self.flag else []
        fields = ("tenant_id", "model_or_deployment", "reviewer_role")
        values = {value for line in told for field in fields if isinstance(value := line.get(field), str)}
        return {self.name, *(value for value in values if value.strip())} - {TENANT, "known", "clerk"}

    @property
    def name(self) -> str:
        return f"{self.number:03}_{self.variant}"


def record(feed: str, name: str, **changes: Any) -> dict[str, Any]:
    """A good record of a JSON feed with some fields changed; `None` is null, `...` leaves the field out."""
    unit = {"unit_type": "case", "unit_id": f"unit-{name}"}
    base: dict[str, dict[str, Any]] = {
        USAGE: {
            "event_version": "2026-05-11",
            "timestamp_utc": "2026-05-11T10:00:00Z",
            "provider": "golden",
            "model_or_deployment": "known",
            "environment": "production",
            "application": f"app-{name}",
            "tenant_id": TENANT,
            "status": "success",
            "trace_id": name,
            "business_unit": unit,
            "usage": {"input_tokens": 1000, "output_tokens": 100},
        },
        EVENTS: unit | {"event_type": "opened", "occurred_at": "2026-05-11T09:00:00Z", "environment": "production"},
        REVIEWS: unit
        | {"reviewer_role": "clerk", "started_at": "2026-05-11T11:00:00Z", "minutes": "5", "environment": "production"},
        CHARGES: {
            "occurred_at": "2026-05-11T10:30:00Z",
            "layer": "tool_integration",
            "service": "search",
            "amount": "0.5",
            "currency": "USD",
            "environment": "production",
            "business_unit": unit,
        },
    }
    fields = {ID_FIELD[feed]: name} | base[feed] | changes
    return {field: value for field, value in fields.items() if value is not ...}


def text(feed: str, name: str, **changes: Any) -> bytes:
    return json.dumps(record(feed, name, **changes)).encode()


def usage(number: int, variant: str, fate: str = "kept", flag: str | None = None, **changes: Any) -> Case:
    """A call with some fields changed."""
    name = f"{number:03}_{variant}"
    return Case(number, variant, USAGE, (text(USAGE, name, **changes),), fate, flag)


def other(feed: str, number: int, variant: str, fate: str = "kept", flag: str | None = None, **changes: Any) -> Case:
    """A record of another JSON feed with some fields changed."""
    name = f"{number:03}_{variant}"
    return Case(number, variant, feed, (text(feed, name, **changes),), fate, flag)


def raw(number: int, variant: str, fate: str, old: str | bytes, new: str | bytes, flag: str | None = None) -> Case:
    """A call whose text has `old` replaced by `new`; where `old` is empty, `new` is the whole line."""
    name = f"{number:03}_{variant}"
    old, new = (part.encode() if isinstance(part, str) else part for part in (old, new))
    line = text(USAGE, name)
    assert not old or old in line, f"{name}: {old!r} is not in {line!r}"
    return Case(number, variant, USAGE, (line.replace(old, new) if old else new,), fate, flag)


def tokens(number: int, variant: str, fate: str, value: str) -> Case:
    """A call whose number of input tokens is written as `value`."""
    return raw(number, variant, fate, '"input_tokens": 1000', f'"input_tokens": {value}')


def malformed() -> Iterator[Case]:
    """Cases 1 to 15: what is no line of JSON, and what looks like none and is."""
    bad = "malformed_json"
    whole = text(USAGE, "004_a").decode()
    yield raw(1, "a", bad, "", whole[:60])
    yield raw(2, "a", bad, "", "upstream connect error")
    yield raw(2, "b", bad, "", "<html><body>502 Bad Gateway</body></html>")
    for variant, value in zip("abcde", ("[1, 2]", "42", '"text"', "null", "true"), strict=True):
        yield raw(3, variant, "not_an_object", "", value)
    yield raw(4, "a", bad, "", whole + " " + whole)
    yield raw(5, "a", bad, "}}", "},}")
    yield raw(5, "b", bad, '"', "'")
    yield raw(5, "c", bad, "}}", "}} // total")
    yield raw(6, "a", bad, TENANT, b"Tenant-\xff\xfe")
    yield raw(7, "a", bad, TENANT, b"Tenant-\x00")
    yield raw(7, "b", bad, TENANT, b"Tenant-\x01")
    yield raw(12, "a", "kept", '"status": "success"', '"status": "success", "status": "error"', "duplicate_json_key")
    yield raw(13, "a", bad, TENANT, "Tenant-\\ud800")
    yield raw(14, "a", "kept", '"status"', '"deep": ' + "[" * 5000 + "]" * 5000 + ', "status"')
    yield raw(15, "a", "line_too_long", '"status"', '"note": "' + "x" * 1_000_001 + '", "status"')


def identities() -> Iterator[Case]:
    """Cases 29 to 39: ids, copies, tenants, models."""
    yield usage(29, "a", "missing_request_id", request_id=...)
    yield usage(29, "b", "missing_request_id", request_id=None)
    yield usage(29, "c", "missing_request_id", request_id="  ")
    yield usage(30, "a", "bad_request_id", request_id={"id": 1})
    yield usage(30, "b", "bad_request_id", request_id=True)
    yield usage(30, "c", "bad_request_id", request_id="r" * 257)
    yield usage(30, "d", "bad_request_id", request_id=17)
    yield usage(30, "e", "bad_request_id", request_id="a\tb")
    yield other(EVENTS, 30, "f", "bad_unit_id", unit_id=5)
    yield other(REVIEWS, 30, "g", "bad_review_id", review_id=5)
    yield other(REVIEWS, 30, "h", "bad_unit_id", unit_id=True)
    yield other(CHARGES, 30, "i", "bad_charge_id", charge_id=5)
    same = text(USAGE, "031_a")
    yield Case(31, "a", USAGE, (same, same), "duplicate")
    first = text(USAGE, "032_a", ingested_at="2026-05-12T00:00:00Z")
    second = text(USAGE, "032_a", ingested_at="2026-05-11T12:00:00Z", usage={"input_tokens": 7, "output_tokens": 7})
    yield Case(32, "a", USAGE, (first, second), "duplicate", "conflict")
    accounts = [text(USAGE, "033_a", billing_account_id=account, tenant_id=account) for account in ("one", "two")]
    yield Case(33, "a", USAGE, tuple(accounts))
    pairs = (("a-b", "c"), ("a", "b-c"))
    yield Case(34, "a", USAGE, tuple(text(USAGE, b, billing_account_id=a, trace_id="034_a") for a, b in pairs))
    yield usage(35, "a", flag="missing_tenant", tenant_id=..., model_or_deployment="known-035_a")
    yield usage(35, "b", flag="missing_tenant", tenant_id=" ", model_or_deployment="known-035_b")
    yield usage(35, "c", flag="unknown_tenant", tenant_id="stranger")
    for variant, tenant in {
        "a": "tenant-a", "d": "Tenant\u200b-A", "e": "Ten\u0430nt-A", "f": "Tenant -A",
    }.items():  # fmt: skip
        yield usage(36, variant, flag="near_duplicate_tenant", tenant_id=tenant)
    yield usage(36, "c", tenant_id="Tenant-A\u00a0")
    yield usage(37, "a", "missing_model", model_or_deployment=...)
    yield usage(37, "b", "missing_model", model_or_deployment=" ")
    yield usage(38, "a", flag="unknown_model", model_or_deployment="unheard-of")
    yield usage(39, "a", model_or_deployment="known-2026-01-01")
    yield usage(41, "a", flag="price_gap", model_or_deployment="later")
    yield usage(43, "a", model_or_deployment="dated", timestamp_utc="2026-06-01T00:00:00Z")
    yield usage(43, "b", model_or_deployment="dated", timestamp_utc="2026-05-31T23:59:59.999999Z")


def quantities() -> Iterator[Case]:
    """Cases 46 to 53: tokens."""
    bad = "bad_input_tokens"
    yield tokens(46, "a", bad, "-1")
    yield usage(46, "b", "bad_output_tokens", usage={"input_tokens": 1, "output_tokens": -1})
    texts = ("1.5", '"10"', "1e3", "true", '"0x10"', '"1_000"', "-0", "10.0")
    for variant, value in zip("abcdefgh", texts, strict=True):
        yield tokens(47, variant, bad, value)
    yield tokens(47, "i", bad, '"١٠"')
    for variant, value in zip("jklm", ("010", "+10", "0x10", "1_000"), strict=True):
        yield tokens(47, variant, "malformed_json", value)
    yield tokens(47, "n", bad, "NaN")
    yield tokens(48, "a", bad, str(2**63))
    yield tokens(48, "b", bad, str(10**20))
    yield tokens(48, "c", bad, str(10**9))
    yield usage(49, "a", flag="usage_missing", usage=..., tenant_id="no-usage")
    yield usage(50, "a", "total_mismatch", usage={"input_tokens": 10, "output_tokens": 5, "total_tokens": 16})
    parts = "component_exceeds_total"
    yield usage(51, "a", parts, usage={"input_tokens": 10, "cached_input_tokens": 11, "output_tokens": 5})
    yield usage(51, "b", parts, usage={"input_tokens": 10, "output_tokens": 5, "reasoning_tokens": 6})
    yield usage(52, "a", status="error", usage={"input_tokens": 0, "output_tokens": 0})
    yield usage(53, "a", status="error")


def times() -> Iterator[Case]:
    """Cases 54 to 63: instants."""
    bad = "bad_timestamp"
    yield usage(54, "a", "missing_timestamp", timestamp_utc=...)
    yield usage(54, "b", bad, timestamp_utc="yesterday")
    yield usage(54, "c", bad, timestamp_utc="2026-02-30T10:00:00Z")
    yield usage(55, "a", "tzless_timestamp", timestamp_utc="2026-05-11T10:00:00")
    yield usage(56, "a", timestamp_utc="2026-06-01T01:30:00+02:00")
    for variant, at in {
        "a": "2026-05-11T10:00:00+15:00", "b": "2026-05-11T24:00:00Z", "c": "2026-05-11T10:00:60Z",
        "d": "2026-05-11T10:00:00+99:00",
    }.items():  # fmt: skip
        yield usage(57, variant, bad, timestamp_utc=at)
    yield usage(58, "a", bad, timestamp_utc=1778493600)
    yield usage(58, "b", bad, timestamp_utc=1778493600000)
    yield usage(58, "c", bad, timestamp_utc="1778493600")
    yield usage(59, "a", "future_timestamp", timestamp_utc="2026-11-21T00:05:01Z")
    yield usage(59, "b", timestamp_utc="2026-11-21T00:05:00Z")
    yield usage(60, "a", "before_start", timestamp_utc="2025-12-31T23:59:59Z")
    yield usage(60, "b", timestamp_utc="2026-01-01T00:00:00Z")
    yield usage(61, "a", "tzless_timestamp", timestamp_utc="2026-10-25T02:30:00")
    yield usage(62, "a", timestamp_utc="2026-05-11T10:00:00.123456789Z")
    yield usage(63, "a", ingested_at="2026-07-20T00:00:00Z")


def business() -> Iterator[Case]:
    """Cases 65 to 78, 88 and 103: units, outcomes, reviews, charges."""
    yield usage(65, "a", flag="no_unit", business_unit=..., tenant_id="no-unit")
    unit = {"unit_type": "case", "unit_id": "unit-066_a"}
    yield Case(66, "a", USAGE, (
        text(USAGE, "066_a", business_unit=unit), text(USAGE, "066_a2", business_unit=unit, tenant_id="Tenant-B"),
    ), "kept", "cross_tenant_unit")  # fmt: skip
    yield usage(67, "a", flag="orphan_unit")
    done = {"event_type": "outcome", "outcome": "resolved"}
    before = text(EVENTS, "068_a", **done)
    yield Case(68, "a", EVENTS, (before,), "kept", "outcome_precedes_usage")
    two = [text(EVENTS, f"069_a{n}", **done | {"outcome": word, "business_unit": ..., "unit_id": "unit-069_a"})
           for n, word in enumerate(("resolved", "rejected"))]  # fmt: skip
    yield Case(69, "a", EVENTS, tuple(two), "kept", "outcome_conflict")
    yield other(EVENTS, 73, "a", "unknown_status", event_type="outcome", outcome="sorted-out")
    yield other(EVENTS, 73, "b", "unknown_status", event_type="outcome", outcome="sorted-out", csat=1.5)
    yield other(EVENTS, 73, "b", "unknown_event_type", event_type="finished")
    for variant, minutes in zip("abc", ("-5", "1441", "NaN"), strict=True):
        yield other(REVIEWS, 75, variant, "bad_minutes", minutes=minutes)
    sittings = [text(REVIEWS, f"076_a{n}", reviewer_role="clerk-076_a", reviewer_id="rev", unit_id=f"unit-076_a{n}",
                     minutes=..., ended_at="2026-05-11T11:30:00Z") for n in (1, 2)]  # fmt: skip
    yield Case(76, "a", REVIEWS, tuple(sittings), "kept", "overlap_minutes")
    yield other(REVIEWS, 77, "a", "bad_interval", minutes=..., ended_at="2026-05-11T10:00:00Z")
    yield other(REVIEWS, 78, "a", flag="unpriced_labor", reviewer_role="astronaut")
    yield other(CHARGES, 88, "a", "bad_currency", currency=...)
    yield other(CHARGES, 88, "b", "bad_currency", currency="usd")
    yield other(CHARGES, 88, "c", "bad_currency", currency="ZZZ")
    yield usage(88, "d", "bad_currency", cost_estimate={"amount": "0.5", "currency": "ZZZ"})
    yield other(
        EVENTS, 73, "c", "unknown_status", event_type="outcome", outcome="sorted-out", csat=1.5, value_amount="x"
    )
    yield other(CHARGES, 85, "a", flag="negative_unit_cost", amount="-9")
    yield Case(103, "a", EVENTS, (text(EVENTS, "103_a", **done | {"occurred_at": "2026-05-11T09:59:58Z"}),))


def labels() -> Iterator[Case]:
    """Cases 94 to 101 and 104: text that is data and nothing else, drift, versions, environments, retries."""
    for variant, mark in zip("abcd", "=+-@", strict=True):
        yield usage(94, variant, flag="formula_text", tenant_id=f"{mark}SUM(A1)")
    yield usage(95, "a", tenant_id="x'); drop table int_usage_events; --")
    yield usage(96, "a", tenant_id="{{ ref('list_prices') }} {% raw %}")
    yield usage(97, "a", flag="odd_text", tenant_id="abc\u202ecba")
    yield usage(97, "b", tenant_id="owl \U0001f989")
    yield usage(98, "a", flag="pii_suspect", prompt="Dear doctor,")
    yield usage(98, "b", flag="pii_suspect", user_email="a.person@example.org")
    yield usage(99, "a", colour="blue")
    yield usage(100, "a", flag="unknown_version", event_version="2031-01-01")
    yield usage(101, "a", flag="unknown_environment", environment="prdo", tenant_id="typo")
    yield usage(104, "a", flag="retry_chain", routing={"attempt_number": 2, "retry_of_request_id": "104_a"})


def cases() -> list[Case]:
    """All cases that are one record of a JSON feed."""
    return [*malformed(), *identities(), *quantities(), *times(), *business(), *labels()]


def good(feed: str, name: str) -> bytes:
    changes = {"unit_id": f"unit-{name}"} if feed in (EVENTS, REVIEWS) else {}
    return text(feed, name, **changes)


def write_files(folder: Path) -> None:
    """The cases that are a whole file rather than a record: 8, 9, 11, 17 to 19, 21, 24, 25, 27, 28, 82 to 84."""
    calls, pools = folder / USAGE, folder / POOLS
    for path in (calls, pools):
        path.mkdir(parents=True, exist_ok=True)

    def three(name: str) -> list[bytes]:
        return [text(USAGE, f"{name}-{n}") for n in (1, 2, 3)]

    (calls / "008_a.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(three("008_a")) + b"\n")
    (calls / "009_a.jsonl").write_bytes(b"\r\n".join(three("009_a")) + b"\r\n")
    mixed = three("009_b")
    (calls / "009_b.jsonl").write_bytes(mixed[0] + b"\n" + mixed[1] + b"\r\n" + mixed[2])
    (calls / "011_a.jsonl").write_bytes(b"\n\n" + b"\n\n  \n".join(three("011_a")) + b"\n\n")
    members = b"".join(gzip.compress(line + b"\n", mtime=0) for line in three("017_a"))
    (calls / "017_a.jsonl.gz").write_bytes(members)
    (calls / "018_a.jsonl").write_bytes(b"")
    again = b"\n".join(three("021_a")) + b"\n"
    (calls / "021_a.jsonl").write_bytes(again)
    (calls / "021_b.jsonl").write_bytes(again)

    def pool(name: str, rows: str, header: str = POOL_HEADER) -> None:
        (pools / f"{name}.csv").write_text(f"{header}\n{rows}", encoding="utf-8")

    tail = "licences,platform,2026-05-01,2026-06-01,9.00,USD"
    pool("000_a", f"good,{tail}\n")
    pool("019_a", "")
    pool("024_a", f"p024,{tail},red\n", POOL_HEADER + ",colour")
    pool("025_a", "USD,9.00,2026-06-01,2026-05-01,platform,licences,p025\n", ",".join(POOL_HEADER.split(",")[::-1]))
    pool("027_b", 'p027,licences,platform,2026-05-01,2026-06-01,"9,00",USD\n')
    pool("028_a", f"p028,licences,platform,2026-05-01,2026-06-01,9.00\np028b,{tail}\n")
    pool("082_a", "p082,thirds,platform,2026-05-01,2026-06-01,0.01,USD\n")
    pool("083_a", "p083,credit,platform,2026-05-01,2026-06-01,-10.00,USD\n")
    bill = (
        "invoice_id,invoice_line_id,issuer,billing_account_id,billing_period_start,billing_period_end,issued_on,"
        "line_type,amount,currency\n"
    )
    line = "i1,l{},golden,acc,2026-05-01,2026-06-01,2026-06-03,usage,{},{}\n"
    (folder / INVOICES).mkdir()
    rows = line.format(1, "5.00", "USD") * 2 + line.format(2, "5.00", "")
    (folder / INVOICES / "084_a.csv").write_text(bill + rows, encoding="utf-8")


def write_cases(folder: Path) -> None:
    """Every case in a file of its own between two good records, and the whole files."""
    for case in cases():
        lines = [good(case.feed, f"{case.name}-before"), *case.lines, good(case.feed, f"{case.name}-after")]
        path = folder / case.feed / f"{case.name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\n".join(lines) + b"\n")
    write_files(folder)
    for name in ("068", "103"):  # the calls of units whose outcomes came first
        (folder / USAGE / f"{name}_u.jsonl").write_bytes(text(USAGE, f"{name}_a") + b"\n")
    (folder / EVENTS / "000_a.jsonl").write_bytes(text(EVENTS, "066_a", unit_id="unit-066_a") + b"\n")


def world() -> World:
    """The policy that the cases are judged by: prices, tenants, a unit type, a role."""
    made = World()
    made.unit_type("case")
    for model, price, fields in (
        ("known", "2", {}),
        ("later", "2", {"valid_from": "2026-09-01"}),
        ("dated", "2", {"valid_to": "2026-06-01"}),
        ("dated", "4", {"valid_from": "2026-06-01"}),
    ):
        for meter in ("input_uncached", "output"):
            made.price(model, meter, price, **fields)
    for reported, model in ((f"known-{name}", "known") for name in ("2026-01-01", "035_a", "035_b")):
        made.policy["model_aliases"].append(
            {"provider": "golden", "reported_model": reported, "model": model, "price_provider": "golden",
             "is_default_provider": "true", "observed_on": "2026-01-01"}
        )  # fmt: skip
    for tenant in (TENANT, "Tenant-B"):
        made.policy["tenants"].append({"tenant_id": tenant, "name": tenant})
    for role in ("clerk", "clerk-076_a"):
        made.policy["labor_rates"].append(
            {"reviewer_role": role, "hourly_rate": 60, "currency": "USD", "valid_from": "2020-01-01"}
        )
    return made
