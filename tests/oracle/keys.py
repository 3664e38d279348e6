"""What a shared key was billed beyond the calls whose bearer is known: its blind spot (semantics.md 7).

A call is traced when it names its bearer, or its team, workflow, application or agent has an owner; the account's owner
does not trace it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .ledger import Ledger
from .money import ZERO, from_units, scaled, split
from .owners import named
from .policy import Policy, Row, first
from .records import Call
from .times import month

Target = tuple[str, str]
UNALLOCATED = "__unallocated__"
ROUGH = Decimal("0.000000002")


def shared_owners(policy: Policy, key: str | None, at: date) -> list[Row]:
    """The owners of a shared key in a month; none where the key is not shared."""
    return [row for row in policy.in_force("api_keys", at, api_key_id=key) if row["is_shared"]] if key else []


def traced_to(policy: Policy, call: Call) -> str | None:
    """Whom a call names itself."""
    found: str | None = first(named(policy, call.owners))
    return found


def is_untraced(policy: Policy, call: Call) -> bool:
    """Whether a call came through a shared key without anyone known to bear it: the key bears it."""
    return bool(shared_owners(policy, call.key, month(call.at.date()))) and traced_to(policy, call) is None


@dataclass
class Key:
    """A shared key in a month: what it was billed, and in each environment what was metered and traced to whom."""

    billed: Decimal | None = None
    metered: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    traced: dict[str, dict[Target, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: ZERO))
    )

    @property
    def bill(self) -> dict[str, int]:
        """{environment: pico billed}: like our own cost, which stands for the bill where the export names no amount."""
        weights = {where: scaled(cost, 12) for where, cost in self.metered.items()} or {"production": 1}
        if not any(weights.values()):
            weights = dict.fromkeys(weights, 1)
        billed = sum(self.metered.values(), ZERO) if self.billed is None else self.billed
        return split(scaled(billed, 12), weights)


def keys(found: Ledger) -> dict[tuple[date, str], Key]:
    """Every shared key, by month."""
    policy = found.policy
    table: dict[tuple[date, str], Key] = defaultdict(Key)
    for call in found.feeds.calls:
        at = month(call.at.date())
        if call.key and shared_owners(policy, call.key, at):
            cost = found.call_costs[id(call)].known
            table[at, call.key].metered[call.environment] += cost
            bearer = traced_to(policy, call)
            if bearer is not None:
                table[at, call.key].traced[call.environment]["cost_center", bearer] += cost
    for line in found.feeds.exports:
        at = month(line.start.date())
        if line.key and line.amount is not None and line.currency and shared_owners(policy, line.key, at):
            key = table[at, line.key]
            key.billed = (key.billed or ZERO) + policy.convert(line.amount, line.currency, line.start)
    return dict(table)


def declared(policy: Policy, key: str, at: date) -> dict[Target, int]:
    """The declared shares of a key's owners."""
    return {(row["owner_type"], row["owner_id"]): scaled(row["share"], 12) for row in shared_owners(policy, key, at)}


@dataclass(frozen=True)
class BlindSpot:
    """What a key was billed beyond its traced calls, in pico; without weights it stays unattributed."""

    month: date
    environment: str
    key: str
    units: int
    rule: str
    weights: dict[Target, int]
    is_traced: bool
    within: Decimal


def blind_spots(found: Ledger) -> Iterator[BlindSpot]:
    """Every blind spot and its bearers: those it was traced to, else the owners by their declared shares.

    More traced than billed is taken back from those it was traced to, whatever the rule says.
    """
    for (at, name), key in keys(found).items():
        rules = found.policy.in_force("allocation_rules", at, pool=f"api_key:{name}")
        rule = min(rules, key=lambda row: row["priority"], default=None)
        # By weights of at most 10^12: how fine a cost is as a weight is left open.
        traced = sum((cost for targets in key.traced.values() for cost in targets.values()), ZERO)
        within = (abs(from_units(sum(key.bill.values()))) + abs(traced)) * ROUGH + from_units(2)
        for environment, billed in key.bill.items():
            weights = {target: scaled(cost, 12) for target, cost in key.traced[environment].items() if cost}
            spot, is_traced = billed - sum(weights.values()), bool(weights)
            if spot > 0 and (rule is None or rule["method"] != "gross_up"):
                weights = {}
            elif not is_traced:
                weights = declared(found.policy, name, at)
            yield BlindSpot(
                at, environment, name, spot, rule["rule_id"] if rule else f"default:api_key:{name}", weights,
                is_traced and bool(weights), within,
            )  # fmt: skip
