"""What drivers measure: direct costs and units by who bears them, a month and environment (semantics.md section 7)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from .keys import is_untraced
from .ledger import Ledger, Part, UnitEpisode
from .money import ZERO
from .owners import UNASSIGNED, bearer
from .records import Call, Owners
from .times import month

SCOPES = {
    "team": "team",
    "tenant": "tenant_id",
    "application": "application",
    "workflow": "workflow",
    "agent": "agent_id",
}
# The scope of everything that was used, whoever used it: what capacity is compared with.
ANYONE = "anyone"
# {(month, environment, scope, driver): {target: quantity}}
Quantities = dict[tuple[date, str, str, str], dict[str, Decimal]]


def bearer_of(found: Ledger, part: Part, owners: Owners) -> str:
    """The cost center that bears a record; what came untraced through a shared key is nobody's."""
    record = part.record
    if isinstance(record, Call) and is_untraced(found.policy, record):
        return UNASSIGNED
    key, account = (record.key, record.account) if isinstance(record, Call) else (None, None)
    return bearer(found.policy, owners, month(part.at.date()), key, account)


def owners_of(found: Ledger, part: Part) -> Owners:
    """Whom a record names; one that names only its unit is its unit's."""
    if part.source != "review" or part.unit not in found.review_owners:
        return part.owners
    unit = found.review_owners[part.unit]
    return Owners(
        unit.application, unit.workflow, unit.agent_id, unit.tenant_id, unit.team or part.owners.team,
        unit.cost_center,
    )  # fmt: skip


def target_of(scope: str, owners: Owners, cost_center: str) -> str | None:
    """Whom a record or unit counts for in a scope; nobody where no owner is known."""
    if scope == "cost_center":
        return None if cost_center == UNASSIGNED else cost_center
    return getattr(owners, SCOPES[scope])  # type: ignore[no-any-return]


def quantities(found: Ledger) -> Quantities:
    """Every driver of every scope."""
    table: Quantities = defaultdict(lambda: defaultdict(lambda: ZERO))
    seen: set[int] = set()
    for part in found.parts:
        owners = owners_of(found, part)
        center = bearer_of(found, part, owners)
        requests = part.record.requests if isinstance(part.record, Call) and id(part.record) not in seen else 0
        seen.add(id(part.record))
        measured = {
            "cost": part.cost,
            "tokens": Decimal(part.tokens),
            "requests": Decimal(requests),
            "review_minutes": part.minutes,
        }
        for scope in (ANYONE, "cost_center", *SCOPES):
            target = ANYONE if scope == ANYONE else target_of(scope, owners, center)
            if target is not None:
                for driver, quantity in measured.items():
                    table[month(part.at.date()), part.environment, scope, driver][target] += quantity
    for unit in found.units:
        if not unit.is_attempted or unit.state.state == "cancelled":
            continue
        for scope in ("cost_center", *SCOPES):
            target = target_of(scope, unit.owners, unit.bearing_cost_center)
            if target is not None:
                where = (unit.cohort_month, unit.unit[0], scope)
                table[*where, "units"][target] += 1
                table[*where, "successful_units"][target] += unit.state.state == "success"
    return table


def units_of_target(found: Ledger, where: tuple[date, str], scope: str, target: str) -> list[UnitEpisode]:
    """The attempted units that started in a month and environment and belong to a target."""
    return [
        unit
        for unit in found.units
        if unit.is_attempted
        and (unit.cohort_month, unit.unit[0]) == where
        and target_of(scope, unit.owners, unit.bearing_cost_center) == target
    ]
