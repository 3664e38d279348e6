"""What the oracle says of a world, in the shape of the marts' rows: {mart: {key: {column: value}}}."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import allocation, bridge, economics, landing, ledger, postings, reconciliation
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


def by_account(found: ledger.Ledger, sides: reconciliation.Legs) -> Rows:
    """Both marts of the bridge, summed by account: exactly, without accounts that have none."""
    rows: Rows = {}
    named, booked = bridge.charges(sides), bridge.functional(found, sides)
    for account in {sku[:4] for sku in sides.by_sku}:
        legs = [leg for sku, leg in sides.by_sku.items() if sku[:4] == account]
        amounts = {
            "estimated_amount": sum((leg.estimated for leg in legs), ZERO),
            "exported_amount": sum((leg.exported for leg in legs), ZERO),
            "invoiced_amount": sum((leg.invoiced for leg in legs), ZERO),
        }
        if any(amounts.values()):
            variance = amounts["invoiced_amount"] - amounts["estimated_amount"]
            functional = {name: ... if value is None else value for name, value in booked[account].items()}
            rows[account] = amounts | {"total": variance} | named[account] | functional
    return rows


def paper(found: ledger.Ledger) -> dict[str, Rows]:
    """fct_reconciliation_legs, and fct_reconciliation_variances with a column a component; without rows of 0."""
    sides = reconciliation.legs(found)
    legs: Rows = {
        sku: {
            "estimated_quantity": leg.counted,
            "estimated_amount": leg.estimated,
            "exported_quantity": leg.told,
            "exported_amount": leg.exported,
            "invoiced_quantity": leg.billed,
            "invoiced_amount": leg.invoiced,
        }
        for sku, leg in sides.by_sku.items()
        if leg.estimated or leg.exported or leg.invoiced
    }
    parts: Rows = {}
    for sku, row in bridge.bridge(found, sides).items():
        if any(row.values()):
            parts[sku] = {name: Near(amount, bridge.STEP * 2) for name, amount in row.items()}
            parts[sku]["total"] = sum(row.values(), ZERO)
    return {
        "fct_reconciliation_legs": legs,
        "fct_reconciliation_variances": parts,
        "bridge by account": by_account(found, sides),
    }


def close(books: postings.Books) -> dict[str, Rows]:
    """fct_postings by both periods, source and cost center, and rpt_period_close, without rows of 0."""
    posted = books.postings()
    sums: dict[str, dict[str, Any]] = {}
    for (event, posting, _, _), amount in posted.items():
        for at, names in (
            (posting, ["as_reported_usd"] + ["adjustments_usd"] * (event != posting)), (event, ["as_restated_usd"])
        ):
            zeros = dict.fromkeys(("as_reported_usd", "as_restated_usd", "adjustments_usd"), ZERO)
            row = sums.setdefault(f"{at:%Y-%m}", zeros)
            for name in names:
                row[name] += amount
    for period, row in sums.items():
        own = [told for told in books.closes if f"{told.month:%Y-%m}" == period]
        last = max(own, key=lambda told: told.closed, default=None)
        row["status"] = "open" if last is None else "closed" if last.reopened is None else "reopened"
        row["closed_at"] = last.closed if last else None
        row["close_version"] = len(own)
    return {
        "fct_postings": {
            (f"{event:%Y-%m}", f"{posting:%Y-%m}", *account): {"amount_usd": amount}
            for (event, posting, *account), amount in posted.items()
        },
        "rpt_period_close": {
            (period,): row for period, row in sums.items() if row["as_reported_usd"] or row["as_restated_usd"]
        },
    }


def verdict(
    files: Mapping[str, list[bytes]], policy: Policy, borne: Mapping[tuple[Any, ...], Decimal] | None = None
) -> dict[str, Rows]:
    """Every mart that the oracle derives.

    `borne` is what the marts lay on each unit of the pools. Where it is given it must be right but for the last steps
    of the splits, whose order the specification leaves open; the headline is then reckoned with it.
    """
    found = ledger.build(policy, landing.land(files, policy))
    books = postings.Books(found, files)
    shares = allocation.allocate(found, books.measured(), books.shared_costs()) + allocation.of_keys(found)
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
        **paper(found),
        **close(books),
    }
