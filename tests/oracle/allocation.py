"""Who bears a pool: month slices, waterfall of rules, exact split (semantics.md 7, input_contract.md 3).

Methods: proportional, tiered, even, fixed, direct, idle and the three of service pools.
`keys` says what shared keys leave to be split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .drivers import ANYONE, Quantities, units_of_target
from .keys import UNALLOCATED, blind_spots
from .ledger import Ledger
from .money import ZERO, from_units, nearest, scaled, split
from .policy import Policy, Row
from .records import SharedCost
from .services import METHODS, final_shares
from .times import month, next_month

IDLE = "__idle__"
# The specification solves service pools exactly; how exact the shares are kept that are split by is left open.
NEAR = Decimal("0.00000000001")


@dataclass(frozen=True)
class Share:
    """What a target bears of a source in a month."""

    month: date
    environment: str
    source: str
    target_type: str
    target: str
    amount: Decimal
    rule: str | None
    driver: str | None
    within: Decimal = ZERO


def slices(cost: SharedCost, policy: Policy) -> Iterator[tuple[date, int]]:
    """(month, pico in the reporting currency): cumulated by days, so that the slices sum to the whole."""
    whole = scaled(policy.convert(cost.amount, cost.currency, cost.start), 12)
    days = (cost.end - cost.start).days
    begin, done = cost.start, 0
    while begin < cost.end:
        until = min(next_month(month(begin)), cost.end)
        reached = nearest(whole * (until - cost.start).days, days)
        yield month(begin), reached - done
        begin, done = until, reached


def targets(rule: Row, policy: Policy, measured: Quantities, where: tuple[date, str]) -> dict[tuple[str, str], int]:
    """{(target type, target): whole weight} of a rule in a month; empty where nobody bears anything."""
    if rule["method"] in METHODS:
        final = final_shares(policy, where[0])[rule["pool"]]
        parts: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for target, share in final.items():
            for name, part in handed_on(target, policy, measured, where).items():
                parts[name] += share * part
        return {target: scaled(share, 12) for target, share in parts.items()}
    found: dict[tuple[str, str], Decimal] = {}
    if rule["method"] in ("even", "fixed", "direct") or rule["driver"] == "seats":
        for row in policy.in_force("allocation_weights", where[0], rule_id=rule["rule_id"]):
            weight = Decimal(1) if rule["method"] == "even" else row["weight"]
            found[row["target_type"], row["target_id"]] = weight
    else:
        scope = rule["scope"] or "cost_center"
        for target, quantity in measured.get((*where, scope, rule["driver"]), {}).items():
            found[scope, target] = quantity
    if any(weight < 0 for weight in found.values()):
        return {}
    return {target: scaled(weight, 12) for target, weight in found.items() if weight}


def waterfall(pool: str, policy: Policy, at: date) -> Iterator[Row]:
    """The rules of a pool in force on the month's first day, by priority and then along their fallbacks."""
    rules = {row["rule_id"]: row for row in policy.in_force("allocation_rules", at)}
    for rule in sorted((row for row in rules.values() if row["pool"] == pool), key=lambda row: row["priority"]):
        step, depth = rule, 0
        while step is not None and depth <= 3:
            yield step
            step, depth = rules.get(step["fallback_rule_id"]), depth + 1


def handed_on(
    target: tuple[str, str], policy: Policy, measured: Quantities, where: tuple[date, str]
) -> dict[tuple[str, str], Decimal]:
    """{bearer: share} of a final target: itself; a pool of another kind goes on by its own split."""
    kind, pool = target
    if kind != "pool":
        return {target: Decimal(1)}
    for rule in waterfall(pool, policy, where[0]):
        weights = targets(rule, policy, measured, where)
        if weights:
            whole = sum(weights.values())
            return {name: Decimal(weight) / whole for name, weight in weights.items()}
    return {(UNALLOCATED, UNALLOCATED): Decimal(1)}


def idle_part(units: int, cost: SharedCost, rule: Row, measured: Quantities, where: tuple[date, str]) -> int:
    """What of a cost stood idle: cost x (1 - utilisation), nothing where more was used than there is."""
    used = sum(measured.get((*where, ANYONE, rule["driver"]), {}).values(), ZERO)
    capacity = cost.capacity
    if not capacity or used >= capacity:
        return 0
    return nearest(units * scaled(capacity - used, 12), scaled(capacity, 12))


def allocate(found: Ledger, measured: Quantities, costs: list[SharedCost]) -> list[Share]:
    """Every shared cost, split wholly."""
    policy = found.policy
    shares = []
    for cost in costs:
        for at, whole in slices(cost, policy):
            units = whole
            where = (at, cost.environment)
            idle, rough = 0, ZERO
            for rule in waterfall(cost.pool, policy, at):
                if rule["method"] == "idle":
                    # Weights are whole: how fine, of a quantity that is no whole number, is left open.
                    idle = idle or idle_part(units, cost, rule, measured, where)
                    rough = NEAR * 100 if rule["driver"] in ("cost", "review_minutes") else ZERO
                    if idle:
                        where_idle = (at, cost.environment, cost.shared_cost_id, IDLE, IDLE)
                        within = abs(from_units(whole)) * rough
                        shares.append(Share(*where_idle, from_units(idle), None, None, within))
                    units -= idle
                    continue
                weights = targets(rule, policy, measured, where)
                if weights:
                    parts = split(units, weights)
                    break
            else:
                rule, parts = None, {(UNALLOCATED, UNALLOCATED): units}
            shares += [
                Share(
                    at, cost.environment, cost.shared_cost_id, *target, from_units(part),
                    rule and rule["rule_id"], rule and rule["driver"],
                    abs(from_units(whole)) * rough + (
                        abs(from_units(whole)) * NEAR + from_units(1) if rule and rule["method"] in METHODS else ZERO
                    ),
                )
                for target, part in parts.items()
                if part
            ]  # fmt: skip
    return shares


def of_keys(found: Ledger) -> list[Share]:
    """What shared keys were billed beyond the calls whose bearer is known, split wholly."""
    shares = []
    for spot in blind_spots(found):
        parts = split(spot.units, spot.weights) if spot.weights else {(UNALLOCATED, UNALLOCATED): spot.units}
        shares += [
            Share(
                spot.month, spot.environment, spot.key, *target, from_units(part), spot.rule,
                "cost" if spot.is_traced else None, spot.within,
            )
            for target, part in parts.items()
            if part
        ]  # fmt: skip
    return shares


def of_units(found: Ledger, shares: list[Share]) -> dict[tuple[str, str, str, int], tuple[Decimal, int]]:
    """{unit and episode: (what it bears, number of splits that led to it)}: by requests, else evenly.

    The specification says how, not in which order the spare steps go: equal but for a step a split.
    """
    borne: dict[tuple[str, str, str, int], tuple[Decimal, int]] = defaultdict(lambda: (ZERO, 0))
    for share in shares:
        if share.target_type in (UNALLOCATED, IDLE):
            continue
        own = units_of_target(found, (share.month, share.environment), share.target_type, share.target)
        requests = {id(unit): sum(call.requests for call in unit.calls) for unit in own}
        whole = sum(requests.values())
        for unit in own:
            weight, base = (requests[id(unit)], whole) if whole else (1, len(own))
            amount, splits = borne[*unit.unit, unit.episode.number]
            part = from_units(nearest(scaled(share.amount, 12) * weight, base))
            borne[*unit.unit, unit.episode.number] = amount + part, splits + 1 + scaled(share.within, 12)
    return dict(borne)
