"""What the oracle says of a world, in the shape of the marts' rows: {mart: {key: {column: value}}}."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import allocation, economics, landing, ledger, reconciliation
from .money import ZERO, Near, from_units
from .policy import Policy

Rows = dict[tuple[Any, ...], dict[str, Any]]
LAYERS = tuple(sorted(landing.LAYERS))


def quarantine(found: ledger.Ledger) -> Rows:
    """rpt_quarantine: records by feed and first reason."""
    counted = {"landed", "kept", "duplicate"}
    return {
        (feed, fate): {"records": number} for (feed, fate), number in found.feeds.fates.items() if fate not in counted
    }


def feed_status(found: ledger.Ledger) -> Rows:
    """rpt_feed_status: landed = kept + duplicates + quarantined."""
    rows: Rows = {}
    for feed in landing.READERS:
        fates = Counter({fate: number for (name, fate), number in found.feeds.fates.items() if name == feed})
        landed, kept, copies = fates.pop("landed", 0), fates.pop("kept", 0), fates.pop("duplicate", 0)
        rows[feed,] = {
            "records_landed": landed,
            "records_kept": kept,
            "duplicates": copies,
            "conflicts": found.feeds.conflicts[feed],
            "quarantined": sum(fates.values()),
        }
    return rows


def usage_costs(found: ledger.Ledger) -> Rows:
    """fct_usage_costs: basis, status and amounts of each call."""
    rows: Rows = {}
    for call in found.feeds.calls:
        cost = found.call_costs[id(call)]
        unit = call.units[0] if len(call.units) == 1 else (None, None)
        rows[found.book.provider(call.provider), call.account, call.request_id] = {
            "cost_status": cost.status,
            # Which basis a call of listed meters has beside a contract for other meters is not said.
            "cost_basis": ... if cost.is_beside_contract else cost.basis,
            "repriced_cost_usd": cost.repriced,
            "reported_cost_usd": cost.reported,
            "cost_usd": cost.cost,
            "model": cost.model,
            "layer": call.layer,
            "environment": call.environment,
            "occurred_at": call.at,
            "service_tier": call.tier,
            "tenant_id": call.owners.tenant_id,
            "unit_type": unit[0],
            "unit_id": unit[1],
            "requests": call.requests,
            "input_tokens": call.usage.get("input_tokens"),
            "output_tokens": call.usage.get("output_tokens"),
        }
    return rows


def units(found: ledger.Ledger) -> Rows:
    """fct_units: state and every layer's cost of each episode."""
    rows: Rows = {}
    for unit in found.units:
        calls = [part for part in unit.parts if part.source == "usage"]
        moments = [part.at for part in unit.parts]
        row: dict[str, Any] = {
            "state": unit.state.state,
            "is_final": unit.state.state != "pending",
            "is_reopened": unit.episode.was_reopened,
            "application": unit.owners.application,
            "workflow": unit.owners.workflow,
            "cost_center": unit.bearing_cost_center,
            "cohort_date": unit.started.date(),
            "first_cost_at": min(moments, default=None),
            "last_cost_at": max(moments, default=None),
            "opened_at": min((fact.at for kind, fact in unit.episode.facts if kind == "opened"), default=None),
            "request_count": sum(call.requests for call in unit.calls),
            "attempt_count": len(calls),
            "retry_count": retries(unit),
            "review_minutes": sum((part.minutes for part in unit.parts), ZERO),
            "unpriced_request_count": unpriced(unit),
            "usage_missing_count": sum(part.status == "usage_missing" for part in calls),
            "direct_cost_usd": unit.direct,
            "allocated_cost_usd": unit.allocated,
            "total_cost_usd": unit.direct + unit.allocated,
            "wasted_cost_usd": unit.wasted,
        }
        if unit.state.state in ("success", "failed", "cancelled"):
            row |= {"outcome": unit.state.reason, "outcome_at": unit.state.at}
            row["is_attempted"] = unit.is_attempted or unit.state.state == "cancelled"
        row |= {f"{layer}_cost_usd": unit.layers.get(layer, ZERO) for layer in LAYERS}
        rows[*unit.unit, unit.episode.number] = row
    return rows


def retries(unit: ledger.UnitEpisode) -> int:
    """Calls after the first of their chain that were no fallback."""
    return sum((call.attempt or 1) > 1 and not call.is_fallback for call in unit.calls)


def unpriced(unit: ledger.UnitEpisode) -> int:
    """Requests without a whole price, with charges and reviews that found none."""
    return sum(
        part.record.requests if part.source == "usage" else 1  # type: ignore[union-attr]
        for part in unit.parts
        if part.is_unpriced
    )


def unit_economics(found: ledger.Ledger) -> Rows:
    """rpt_unit_economics."""
    limit = next(row["value"] for row in found.policy.rows("thresholds") if row["threshold"] == "maturity_share")
    return {**economics.economics(found.units, Decimal(limit))}


def allocated_costs(shares: list[allocation.Share]) -> Rows:
    """fct_allocated_costs without its rows of 0."""
    rows: Rows = {}
    for share in shares:
        key = (share.month, share.environment, share.source, share.target_type, share.target)
        amount = Near(share.amount, share.within) if share.within else share.amount
        rows[key] = {"allocated_amount_usd": amount}
        if share.target_type != allocation.IDLE:  # which rule an idle part names is not said
            rows[key] |= {"rule_id": share.rule, "driver": share.driver}
    return rows


def verdict(
    files: Mapping[str, list[bytes]], policy: Policy, borne: Mapping[tuple[Any, ...], Decimal] | None = None
) -> dict[str, Rows]:
    """Every mart that the oracle derives.

    `borne` is what the marts lay on each unit of the pools. Where it is given it must be right but for the last steps
    of the splits, whose order the specification leaves open; the headline is then reckoned with it.
    """
    found = ledger.build(policy, landing.land(files, policy))
    shares = allocation.allocate(found)
    near = allocation.of_units(found, shares)
    for unit in found.units:
        key = (*unit.unit, unit.episode.number)
        amount, splits = near.get(key, (ZERO, 0))
        told = (borne or {}).get(key, amount)
        unit.allocated = told if abs(told - amount) <= from_units(3 * splits) else amount
    return {
        "fct_allocated_costs": allocated_costs(shares),
        "rpt_quarantine": quarantine(found),
        "rpt_feed_status": feed_status(found),
        "fct_usage_costs": usage_costs(found),
        "fct_units": units(found),
        "rpt_unit_economics": unit_economics(found),
        "fct_reconciliation_legs": dict(reconciliation.legs(found).items()),
        "fct_reconciliation_variances": dict(reconciliation.variances(found).items()),
    }
