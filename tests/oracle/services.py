"""Service pools: what each hands to final targets, by the method of its first rule (semantics.md section 7)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal, localcontext

from .money import WIDE, ZERO
from .policy import Policy, Row

METHODS = ("direct_service", "step_down", "reciprocal")
Target = tuple[str, str]
ROUNDS = 400  # a pool hands on less than half of what it gets: far beyond the last place


def handed(rule: Row, rules: dict[str, Row], weights: list[Row]) -> dict[Target, Decimal]:
    """{(target type, target): share} of a pool: what its method does not know is left out, the rest sums to 1."""
    found: dict[Target, Decimal] = {}
    for row in weights:
        target = (row["target_type"], row["target_id"])
        other = rules.get(row["target_id"]) if row["target_type"] == "pool" else None
        is_known = (
            other is None
            or (rule["method"] == "reciprocal" and other is not rule)
            or (rule["method"] == "step_down" and other["priority"] > rule["priority"])
        )
        if is_known and row["weight"]:
            found[target] = row["weight"]
    whole = sum(found.values(), ZERO)
    return {target: weight / whole for target, weight in found.items()}


def final_shares(policy: Policy, at: date) -> dict[str, dict[Target, Decimal]]:
    """{service pool: {final target: share}} of a month: (I - M)^-1, by handing on until nothing is under way."""
    rules: dict[str, Row] = {}
    for row in sorted(policy.in_force("allocation_rules", at), key=lambda row: row["priority"]):
        rules.setdefault(row["pool"], row)
    rules = {pool: row for pool, row in rules.items() if row["method"] in METHODS}
    with localcontext(WIDE):
        edges = {
            pool: handed(rule, rules, list(policy.in_force("allocation_weights", at, rule_id=rule["rule_id"])))
            for pool, rule in rules.items()
        }
        found = {}
        for pool in rules:
            final: dict[Target, Decimal] = defaultdict(lambda: ZERO)
            under_way = {pool: Decimal(1)}
            for _ in range(ROUNDS):
                later: dict[str, Decimal] = defaultdict(lambda: ZERO)
                for sender, amount in under_way.items():
                    for (kind, target), share in edges[sender].items():
                        if kind == "pool" and target in rules:
                            later[target] += amount * share
                        else:
                            final[kind, target] += amount * share
                under_way = {name: amount for name, amount in later.items() if amount}
            found[pool] = dict(final)
        return found
