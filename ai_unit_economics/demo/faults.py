"""What goes wrong on the way: lines that cannot be read or believed, and lines that come twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from . import company
from .clock import DAY, stamp
from .records import Call, Fact, Json, World
from .rng import Rng


@dataclass(slots=True)
class Line:
    """A line as it is delivered; `fate` is kept, duplicate, conflict_loser or the reason of the quarantine."""

    delivered: int
    text: str
    fate: str = "kept"


def dump(record: Json) -> str:
    return json.dumps(record, separators=(",", ":"))


def change(record: Json, path: str, value: object) -> Json:
    """A copy with one (dotted) field replaced, or removed when the value is None."""
    head, _, rest = path.partition(".")
    copied = dict(record)
    if rest:
        copied[head] = change(copied[head], rest, value)
    elif value is None:
        copied.pop(head, None)
    else:
        copied[head] = value
    return copied


def cached_above_input(record: Json) -> Json:
    return change(record, "usage.cached_input_tokens", record["usage"]["input_tokens"] + 50)


def total_off(record: Json) -> Json:
    return change(record, "usage.total_tokens", record["usage"]["total_tokens"] + 7)


USAGE_FAULTS: list[tuple[str, Callable[[Json], str], int]] = [
    ("malformed_json", lambda record: dump(record)[:211], 4),
    ("bad_input_tokens", lambda record: dump(change(record, "usage.input_tokens", -420)), 3),
    ("tzless_timestamp", lambda r: dump(change(r, "timestamp_utc", r["timestamp_utc"].rstrip("Z"))), 3),
    ("component_exceeds_total", lambda record: dump(cached_above_input(record)), 3),
    ("total_mismatch", lambda record: dump(total_off(record)), 3),
    ("missing_model", lambda record: dump(change(record, "model_or_deployment", None)), 2),
    ("missing_request_id", lambda record: dump(change(record, "request_id", None)), 1),
    ("bad_output_tokens", lambda record: dump(change(record, "usage.output_tokens", "1e3")), 1),
    ("future_timestamp", lambda record: dump(change(record, "timestamp_utc", "2099-01-01T00:00:00Z")), 1),
]
FACT_FAULTS: dict[str, list[tuple[str, Callable[[Json], str]]]] = {
    "unit_events": [
        ("malformed_json", lambda record: dump(record)[:97]),
        ("tzless_timestamp", lambda r: dump(change(r, "occurred_at", r["occurred_at"].rstrip("Z")))),
        ("missing_unit_id", lambda record: dump(change(record, "unit_id", None))),
        ("unknown_event_type", lambda record: dump(change(record, "event_type", "opend"))),
    ],
    "human_reviews": [
        ("malformed_json", lambda record: dump(record)[:80]),
        ("bad_minutes", lambda record: dump(change(change(record, "ended_at", None), "minutes", "-4.5"))),
    ],
    "metered_costs": [
        ("malformed_json", lambda record: dump(record)[:120]),
        ("unknown_layer", lambda record: dump(change(record, "layer", "miscellaneous"))),
        ("bad_quantity", lambda record: dump(change(record, "quantity", "-3"))),
        ("missing_service", lambda record: dump(change(record, "service", None))),
    ],
    "provider_usage": [
        ("malformed_json", lambda record: dump(record)[:140]),
        ("bad_amount", lambda record: dump(change(record, "amount", "1.2e1"))),
    ],
}
COPIES = {"unit_events": 14, "human_reviews": 4, "metered_costs": 18, "provider_usage": 6}
IDENTITY = {
    "unit_events": "event_id",
    "human_reviews": "review_id",
    "metered_costs": "charge_id",
    "provider_usage": "line_id",
}


def is_plain(call: Call) -> bool:
    """An ordinary successful call, fit to be spoiled."""
    return (
        call.environment == "production"
        and call.usage is not None
        and call.status == "success"
        and bool(call.units)
        and call.endpoint == "chat"
        and call.ingested is not None
        and call.ingested - call.at < DAY
    )


def usage_lines(world: World) -> list[Line]:
    """The usage feed with its malformed lines, repeated lines and one conflict. Spoiled calls are marked."""
    rng = Rng(company.SEED, "faults", "usage")
    plain = [call for call in world.calls if is_plain(call)]
    spoiled: dict[int, tuple[str, Callable[[Json], str]]] = {}
    for reason, spoil, count in USAGE_FAULTS:
        for _ in range(count):
            call = plain[rng.below(len(plain) - 2000)]
            while call.number in spoiled:
                call = plain[rng.below(len(plain) - 2000)]
            spoiled[call.number] = (reason, spoil)
            call.quarantined = True
    found = []
    for call in world.calls:
        record = call.line()
        if call.number in spoiled:
            reason, spoil = spoiled[call.number]
            found.append(Line(call.delivered, spoil(record), reason))
        else:
            found.append(Line(call.delivered, dump(record)))
    whole = [call for call in plain[:-3000] if not call.quarantined]
    chosen: set[int] = set()
    while len(chosen) < 85:
        chosen.add(rng.below(len(whole)))
    for number, index in enumerate(sorted(chosen)):
        call = whole[index]
        later = call.delivered + rng.between(60, 20 * DAY)
        if number == 40:
            # An earlier copy with fewer output tokens: the later one wins.
            assert call.usage is not None
            record = change(call.line(), "usage.output_tokens", call.usage.output - 10)
            record = change(record, "usage.total_tokens", call.usage.input + call.usage.output - 10)
            found.append(
                Line(call.at + 1, dump(change(record, "ingested_at", stamp(call.at + 1))), "conflict_loser")
            )
        else:
            found.append(Line(later, dump(call.line()), "duplicate"))
    first = found[0].delivered
    found.append(
        Line(first + 40 * DAY, "<html><head><title>502 Bad Gateway</title></head></html>", "malformed_json")
    )
    found.append(Line(first + 90 * DAY, '["req_0000000"]', "not_an_object"))
    return found


def conflicting(feed: str, facts: list[Fact]) -> Line:
    """An earlier copy of a record under the same identity with other content: the later one wins."""
    if feed == "unit_events":
        fact = next(
            fact for fact in facts if fact.fields["outcome"] == "resolved" and "csat" not in fact.fields
        )
        record = change(fact.fields, "outcome", "unresolved")
    else:
        fact = next(fact for fact in facts if fact.fields["service"] == "fraud_check")
        record = change(fact.fields, "amount", "0.058")
    known = fact.at + 1
    kept = {name: value for name, value in record.items() if value is not None}
    return Line(known, dump({**kept, "ingested_at": stamp(known)}), "conflict_loser")


def fact_lines(feed: str, facts: list[Fact]) -> list[Line]:
    """Another JSON feed with its malformed and repeated lines. A spoiled line is an extra one, with its own id."""
    rng = Rng(company.SEED, "faults", feed)
    found = []
    for fact in facts:
        kept = {name: value for name, value in fact.fields.items() if value is not None}
        found.append(Line(fact.delivered, dump(kept)))
    key = IDENTITY[feed]
    eligible = [
        fact for fact in facts[: len(facts) * 4 // 5] if "quantity" in fact.fields or feed != "metered_costs"
    ]
    for number, (reason, spoil) in enumerate(FACT_FAULTS[feed]):
        fact = eligible[rng.below(len(eligible))]
        kept = {name: value for name, value in fact.fields.items() if value is not None}
        found.append(Line(fact.delivered, spoil({**kept, key: f"bad_{feed}_{number}"}), reason))
    if feed in ("unit_events", "metered_costs"):
        found.append(conflicting(feed, facts))
    chosen: set[int] = set()
    while len(chosen) < COPIES[feed]:
        chosen.add(rng.below(len(eligible)))
    for index in sorted(chosen):
        fact = eligible[index]
        kept = {name: value for name, value in fact.fields.items() if value is not None}
        found.append(Line(fact.delivered + rng.between(60, 9 * DAY), dump(kept), "duplicate"))
    return found
