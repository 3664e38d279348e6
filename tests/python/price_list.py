"""The list price seeds, read without the code that wrote them: an independent price of one call."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
SEEDS = REPO / "seeds" / "pricing"
INPUT_METERS = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "cache_write_unknown")
FIRST, LAST = "0001-01-01 00:00:00", "9999-12-31 00:00:00"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, every value as text."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def shared_data(relative: str) -> Path:
    """A file of the sample data, which is not part of the repository; skips the test when it is not there."""
    folder = Path(os.environ.get("AIUE_SHARED_DATA", REPO.parent / "shared" / "data"))
    if not (folder / relative).exists():
        pytest.skip(f"sample data {relative} is not here: set AIUE_SHARED_DATA to the folder that holds it")
    return folder / relative


@cache
def prices_by_model() -> Mapping[tuple[str, str], list[dict[str, str]]]:
    """(provider, model) -> list price rows; only the newest edition of each key."""
    editions: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    key = ("provider", "model", "meter", "service_tier", "context_tokens_over", "time_from_utc")
    for row in read_rows(SEEDS / "list_prices.csv"):
        editions[tuple(row[name] for name in key)].append(row)
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for (provider, model, *_), rows in editions.items():
        newest = max(row["observed_on"] for row in rows)
        found[provider, model] += [row for row in rows if row["observed_on"] == newest]
    return found


@cache
def aliases() -> Mapping[tuple[str, str], list[dict[str, str]]]:
    """(provider, reported model in lower case) -> alias rows."""
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in read_rows(SEEDS / "model_aliases.csv"):
        found[row["provider"], row["reported_model"]].append(row)
    return found


def served(provider: str, reported: str, at: str) -> tuple[str, str] | None:
    """(price provider, model) that a reported name stands for at a moment; None when it is not known."""
    for row in aliases().get((provider, reported.lower()), []):
        if (row["valid_from"] or FIRST) <= at < (row["valid_to"] or LAST):
            return row["price_provider"], row["model"]
    return None


def moment(at: str) -> str:
    """An ISO time with Z, or a day, as the seeds' UTC text."""
    parsed = datetime.fromisoformat(at.replace("Z", "+00:00"))
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def in_hours(row: Mapping[str, str], time_of_day: str) -> bool:
    """Whether a time of day lies in the row's hours, which may wrap midnight."""
    start, end = row["time_from_utc"], row["time_to_utc"]
    return start <= time_of_day < end if start <= end else time_of_day >= start or time_of_day < end


def meter_prices(
    provider: str, model: str, at: str, tier: str = "standard", total_input: int = 0
) -> dict[str, tuple[Decimal, int]]:
    """Meter -> (price, per quantity): the context tier that the whole input reaches, hours before all day."""
    rows: Iterable[dict[str, str]] = [
        row
        for row in prices_by_model().get((provider, model), [])
        if row["service_tier"] == tier
        and (row["valid_from"] or FIRST) <= at < (row["valid_to"] or LAST)
        and (not row["time_from_utc"] or in_hours(row, at[11:]))
    ]
    reached = [
        int(row["context_tokens_over"]) for row in rows if int(row["context_tokens_over"]) < total_input
    ]
    context = max(reached, default=0)
    chosen: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda row: row["time_from_utc"] != ""):
        if int(row["context_tokens_over"]) == context:
            chosen[row["meter"]] = row
    return {meter: (Decimal(row["price"]), int(row["per_quantity"])) for meter, row in chosen.items()}


def call_cost(provider: str, reported: str, at: str, tier: str = "standard", **quantities: int) -> Decimal:
    """USD of one call by meter quantities; raises KeyError naming the meter that has no price."""
    model = served(provider, reported, moment(at))
    if model is None:
        raise KeyError(f"{provider} {reported} is not in the price list")
    total_input = sum(quantities.get(meter, 0) for meter in INPUT_METERS)
    prices = meter_prices(*model, moment(at), tier, total_input)
    return sum(
        (prices[meter][0] * count / prices[meter][1] for meter, count in quantities.items()), Decimal(0)
    )
