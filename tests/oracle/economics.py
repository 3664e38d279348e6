"""The headline: sums of units by period and their ratios (semantics.md section 5; marts.md, rpt_unit_economics)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .ledger import UnitEpisode
from .money import ZERO, ratio
from .times import month, previous_month, week

Key = tuple[str, date, str, str | None, str | None, str]
PERIODS: Mapping[str, Callable[[date], date]] = {"month": month, "week": week}


def sums_of(units: list[UnitEpisode]) -> dict[str, Any]:
    """Counts and costs by state."""
    found: dict[str, Any] = {f"{state}_units": 0 for state in ("success", "failed", "pending", "cancelled")}
    found |= {f"{state}_cost": ZERO for state in ("success", "failed", "pending", "cancelled")}
    for unit in units:
        found[f"{unit.state.state}_units"] += 1
        found[f"{unit.state.state}_cost"] += unit.direct + unit.allocated
    return found


def row_of(units: list[UnitEpisode]) -> dict[str, Any]:
    """The figures of one group; a ratio is a ratio of sums, taken last."""
    told = sums_of(units)
    total = sum((told[f"{state}_cost"] for state in ("success", "failed", "pending", "cancelled")), ZERO)
    final = total - told["pending_cost"]
    successes, failures, pending = told["success_units"], told["failed_units"], told["pending_units"]
    attempted = successes + failures + pending
    allocated = sum((unit.allocated for unit in units), ZERO)
    return {
        "total_cost_usd": total,
        "allocated_cost_share": ratio(allocated, total),
        "attempted_units": attempted,
        "successful_units": successes,
        "failed_units": failures,
        "pending_units": pending,
        "cancelled_units": told["cancelled_units"],
        "success_rate": ratio(successes, successes + failures),
        "cost_per_attempted_unit_usd": ratio(total, attempted),
        "cost_per_successful_unit_usd": ratio(final, successes),
        "cost_per_successful_unit_low_usd": ratio(total, successes + pending),
        "cost_per_successful_unit_high_usd": ratio(total, successes),
        "cost_per_failed_unit_usd": ratio(told["failed_cost"], failures),
        "failed_cost_usd": told["failed_cost"],
        "waste_share": ratio(told["failed_cost"] + told["cancelled_cost"], final),
        "cohort_maturity": ratio(successes + failures, attempted),
        "wasted_cost_usd": sum((unit.wasted for unit in units), ZERO),
    }


def economics(units: list[UnitEpisode], maturity: Decimal) -> dict[Key, dict[str, Any]]:
    """Rows by (grain, start, environment, application, workflow, unit type)."""
    groups: dict[Key, list[UnitEpisode]] = defaultdict(list)
    for unit in units:
        if not unit.is_attempted:
            continue
        environment, unit_type, _ = unit.unit
        for grain, start in PERIODS.items():
            begin = start(unit.started.date())
            owners = unit.owners
            groups[grain, begin, environment, owners.application, owners.workflow, unit_type].append(unit)
    found = {key: row_of(own) for key, own in groups.items()}
    for key, row in found.items():
        grain, begin, *rest = key
        before = previous_month(begin) if grain == "month" else begin - timedelta(days=7)
        prior = found.get((grain, before, *rest))  # type: ignore[arg-type]
        row["previous_cost_per_successful_unit_usd"] = prior and prior["cost_per_successful_unit_usd"]
        row["change_rate"] = change(row, prior, maturity)
    return found


def change(row: Mapping[str, Any], prior: Mapping[str, Any] | None, maturity: Decimal) -> Decimal | None:
    """current / prior - 1 between settled periods; null over zero."""
    if prior is None:
        return None
    now, then = row["cost_per_successful_unit_usd"], prior["cost_per_successful_unit_usd"]
    settled = all(part["cohort_maturity"] is not None and part["cohort_maturity"] >= maturity for part in (row, prior))
    if now is None or then is None or not settled:
        return None
    return ratio(now - then, then)
