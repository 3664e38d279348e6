"""Instants as feeds write them (reliability.md section 2.4), months and weeks (semantics.md section 1)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

ZONED = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:[.](\d{1,9}))?"
    r"(Z|[+-](?:(?:0\d|1[0-3])(?::?[0-5]\d)?|14(?::?00)?))",
    re.ASCII,
)
ZONELESS = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.]\d{1,9})?", re.ASCII
)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def instant(value: object) -> tuple[datetime | None, str | None]:
    """(UTC instant without a zone, None) or (None, reject reason). Nanoseconds are cut to microseconds."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, "missing_timestamp"
    if not isinstance(value, str):
        return None, "bad_timestamp"
    text = value.strip()
    found = ZONED.fullmatch(text)
    if not found:
        return None, "tzless_timestamp" if ZONELESS.fullmatch(text) else "bad_timestamp"
    *parts, fraction, zone = found.groups()
    try:
        told = datetime(*map(int, parts), int((fraction or "0").ljust(6, "0")[:6]), tzinfo=UTC)  # type: ignore[arg-type]
    except ValueError:
        return None, "bad_timestamp"
    if zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        told = told - offset if zone[0] == "+" else told + offset
    return told.replace(tzinfo=None), None


def stamp(at: datetime) -> str:
    """An instant as the feeds write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") + "Z"


def month(day: date) -> date:
    """First day of the month."""
    return date(day.year, day.month, 1)


def next_month(first: date) -> date:
    """First day of the month after."""
    return month(first + timedelta(days=31))


def previous_month(first: date) -> date:
    """First day of the month before."""
    return month(first - DAY)


def week(day: date) -> date:
    """Monday of the ISO week."""
    return day - timedelta(days=day.weekday())
