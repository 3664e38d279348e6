"""Time as whole epoch seconds, UTC. Nothing here reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

HOUR = 3600
DAY = 86400


def instant(text: str) -> int:
    """Epoch seconds of `2026-03-17`, `2026-03-17 15:30:00` or `2026-03-17T15:30:00Z`, all read as UTC."""
    return int(datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=UTC).timestamp())


def stamp(at: int) -> str:
    """`2026-03-17T15:30:00Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_stamp(at: int, offset_hours: int) -> str:
    """The same instant as local time with its offset: `2026-03-17T16:30:00+01:00`; `Z` for no offset."""
    return f"{stamp(at + offset_hours * HOUR)[:-1]}+{offset_hours:02d}:00" if offset_hours else stamp(at)


def day_of(at: int) -> str:
    """`2026-03-17`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def month_of(at: int) -> str:
    """`2026-03`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m")


def next_month(month: str) -> str:
    """`2026-01` after `2025-12`."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def days(first: str, last: str) -> list[date]:
    """Every day from first to last, both included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


MONTHS = ["2025-10"]
while MONTHS[-1] != "2026-10":
    MONTHS.append(next_month(MONTHS[-1]))
AS_OF = instant("2026-11-06T18:00:00Z")
