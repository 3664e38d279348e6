"""Dated decisions (input_contract.md section 3): the rows of the policy seeds, and which of them holds when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from .money import ledger, product

Row = Mapping[str, Any]


def day_of(at: date | datetime) -> date:
    """The UTC day of an instant or a day."""
    return at.date() if isinstance(at, datetime) else at


def holds(row: Row, at: date | datetime) -> bool:
    """Whether a dated row is in force: from inclusive, to exclusive, empty is open."""
    start, end = row.get("valid_from"), row.get("valid_to")
    if isinstance(at, datetime):
        start, end = midnight(start), midnight(end)
    return (start is None or start <= at) and (end is None or at < end)


def midnight(day: date | datetime | None) -> datetime | None:
    """A date means its midnight."""
    if day is None or isinstance(day, datetime):
        return day
    return datetime(day.year, day.month, day.day)


@dataclass(frozen=True)
class Policy:
    """Rows by seed, the moment that everything speaks from, and the settings."""

    seeds: Mapping[str, list[Row]]
    as_of: datetime
    skew_seconds: int = 300
    earliest: date | None = None
    reporting_currency: str = "USD"

    def rows(self, seed: str) -> list[Row]:
        """All rows of a seed."""
        return self.seeds.get(seed, [])

    def in_force(self, seed: str, at: date | datetime, **key: Any) -> Iterator[Row]:
        """Rows of a seed that hold at an instant and have these values."""
        for row in self.rows(seed):
            if all(row.get(column) == value for column, value in key.items()) and holds(row, at):
                yield row

    @cached_property
    def environments(self) -> dict[str, str]:
        """Reported spelling to environment."""
        return {row["reported_environment"]: row["environment"] for row in self.rows("environments")}

    @cached_property
    def outcomes(self) -> dict[tuple[str, str], str]:
        """(unit type, word) to classification."""
        return {(row["unit_type"], row["outcome"]): row["classification"] for row in self.rows("outcome_statuses")}

    @cached_property
    def spot_rates(self) -> dict[tuple[str, date], Decimal]:
        """(currency, day) to spot rate into the reporting currency."""
        return {
            (row["currency_from"], row["rate_date"]): row["rate"]
            for row in self.rows("fx_rates")
            if row["rate_type"] == "spot" and row["currency_to"] == self.reporting_currency
        }

    def convert(self, amount: Decimal, currency: str, at: date | datetime) -> Decimal:
        """An amount in the reporting currency at the spot rate of the day, as a ledger amount (section 3, FX)."""
        if currency == self.reporting_currency:
            return ledger(amount)
        return ledger(product(amount, self.spot_rates[currency, day_of(at)]))

    def unit_rule(self, unit_type: str, workflow: str | None) -> tuple[int, int]:
        """(reopen window, abandonment) in hours for a unit type and workflow; 48 and 720 without a row."""
        found = [row for row in self.rows("unit_types") if row["unit_type"] == unit_type]
        exact = [row for row in found if row["workflow"] == workflow]
        for row in exact or [row for row in found if row["is_primary"]] or found:
            return row["reopen_window_hours"], row["abandon_after_hours"]
        return 48, 720

    def unit_workflow(self, unit_type: str) -> str | None:
        """Workflow that policy gives to a unit type: its primary row's."""
        found = [row for row in self.rows("unit_types") if row["unit_type"] == unit_type]
        return first(row["workflow"] for row in [row for row in found if row["is_primary"]] or found)


def first(values: Iterable[Any]) -> Any:
    """The first value that is told, or None."""
    return next((value for value in values if value is not None), None)
