"""Closed months in a world, and what becomes known after a close: late records, and corrected ones.

Drawn apart: the other draws of a seed stay as they are.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from .times import DAY, HOUR, instant, month, next_month, stamp

if TYPE_CHECKING:
    from .worlds import Fields, Maker

TOLD_AT = {"ai_usage_events": "timestamp_utc", "metered_costs": "occurred_at", "human_reviews": "started_at",
           "unit_events": "occurred_at"}  # fmt: skip
NUMBERS = {"ai_usage_events": "request_id", "metered_costs": "charge_id", "human_reviews": "review_id",
           "unit_events": "event_id"}  # fmt: skip


def closes(maker: Maker) -> None:
    """In half of the worlds months are closed, and records become known after it: late, or corrected. Drawn apart."""
    drawn, maker.rng = maker.rng, random.Random(f"{maker.world.seed} closes")
    if maker.chance(0.5):
        shut: list[datetime] = []
        first = month(maker.begin.date())
        for _ in range(maker.pick(1, 2, 3)):
            at = datetime.combine(next_month(first), datetime.min.time())
            at += maker.pick(0 * DAY, DAY, 4 * DAY, 4 * DAY + 17 * HOUR, 9 * DAY)
            at = max([at, *(last + HOUR for last in shut[-1:])])
            if at > maker.as_of:
                break
            names = {"period": f"{first:%Y-%m}", "entity": "default", "closed_by": "a", "approved_by": "b"}
            opened = at + maker.pick(HOUR, DAY, 3 * DAY)
            is_reopened = opened <= maker.as_of and maker.chance(0.2)
            maker.put("periods", **names, closed_at=at, reopened_at=opened if is_reopened else None)
            shut.append(at)
            if is_reopened:
                shut.append(opened)
                at = opened + maker.pick(HOUR, DAY)
                if at > maker.as_of or maker.chance(0.3):
                    break
                maker.put("periods", **names, closed_at=at, reopened_at=None)
                shut.append(at)
            first = next_month(first)
        if shut:
            leave_sittings(maker)
            later_news(maker, shut)
    maker.rng = drawn


def leave_sittings(maker: Maker) -> None:
    """Takes out corrected sittings of a known reviewer: what they are charged for after a close is not said."""
    rows, told = maker.world.feeds.get("human_reviews", []), set[object]()
    for record in list(rows):
        if not isinstance(record, str) and "reviewer_id" in record:
            if record.get("review_id") in told:
                rows.remove(record)
            told.add(record.get("review_id"))


def later_news(maker: Maker, shut: list[datetime]) -> None:
    """Records that are told once become known around a close; some say something else after it."""
    for feed, number in NUMBERS.items():
        rows = [record for record in maker.world.feeds.get(feed, []) if not isinstance(record, str)]
        told = Counter(str(record.get(number)) for record in rows)
        for record in rows:
            at = instant(record.get(TOLD_AT[feed]))[0]
            if at is None or record.get(number) is None or told[str(record[number])] > 1 or not maker.chance(0.4):
                continue
            last = [edge for edge in map(maker.near, [*shut, maker.as_of]) if at <= edge <= maker.as_of]
            if not last:
                continue
            known = sorted(maker.rng.sample(last, min(len(last), 2)))
            record["ingested_at"] = stamp(known[0])
            # What a reviewer is charged for after a sitting was corrected is not said.
            is_plain = feed != "unit_events" and "reviewer_id" not in record
            if is_plain and len(known) > 1 and known[0] < known[1] and maker.chance(0.6):
                maker.add(feed, changed(maker, feed, record) | {"ingested_at": stamp(known[1])})
    for cost in list(maker.world.feeds.get("shared_costs", [])):
        if not isinstance(cost, str) and maker.chance(0.4):
            at = datetime.combine(cost["period_start"], datetime.min.time())
            last = [edge for edge in map(maker.near, [*shut, maker.as_of]) if at <= edge <= maker.as_of]
            known = sorted(set(maker.rng.sample(last, min(len(last), 2))))
            if known:
                cost["ingested_at"] = stamp(known[0])
            if len(known) > 1 and cost["period_end"] == next_month(cost["period_start"]) and maker.chance(0.5):
                other = {"amount": maker.pick("24.00", "-30.00", "0.01"), "ingested_at": stamp(known[1])}
                maker.add("shared_costs", cost | other)


def changed(maker: Maker, feed: str, record: Fields) -> Fields:
    """The record, told again with another quantity or another owner."""
    again: Fields = json.loads(json.dumps(record))
    # Whose a unit is where only some of its calls name a team is left open.
    if "team" in record and maker.chance(0.6):
        return again | {"team": maker.pick("team_0", "team_1", "team_2")}
    if feed == "human_reviews":
        again.pop("ended_at", None)
        return again | {"minutes": maker.pick("3", "61.5")}
    if feed == "metered_costs":
        again = {name: value for name, value in again.items() if name not in ("quantity", "quantity_unit")}
        return again | {"amount": maker.amount(), "currency": maker.pick("USD", "EUR")}
    usage = again.get("usage")
    if isinstance(usage, dict) and type(usage.get("output_tokens")) is int:
        usage["output_tokens"] = maker.rng.randrange(1, 300_000)
        usage.pop("total_tokens", None)
        usage.pop("reasoning_tokens", None)
    return again
