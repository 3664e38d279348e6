"""Which cost center bears a record: told, team, workflow, application, agent, key, billing account (section 7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from .policy import Policy, first
from .records import Owners

UNASSIGNED = "__unassigned__"


def lookup(policy: Policy, seed: str, column: str, value: str | None) -> Any:
    """The row of a code in an organization seed."""
    return None if value is None else first(row for row in policy.rows(seed) if row[column] == value)


def of_team(policy: Policy, team: str | None) -> str | None:
    """The cost center that pays for a team."""
    row = lookup(policy, "teams", "team", team)
    return row["cost_center"] if row else None


def named(policy: Policy, owners: Owners) -> Iterator[str | None]:
    """Cost centers that the record itself leads to, nearest first."""
    yield owners.cost_center
    yield of_team(policy, owners.team)
    for seed, value in (("workflow", owners.workflow), ("application", owners.application)):
        row = lookup(policy, f"{seed}s", seed, value)
        yield row["cost_center"] if row else None
    agent = lookup(policy, "agents", "agent_id", owners.agent_id)
    yield of_team(policy, agent["team"]) if agent else None


def of_key(policy: Policy, key: str | None, month: date) -> str | None:
    """Cost center of the only owner of a key."""
    for row in policy.in_force("api_keys", month, api_key_id=key):
        if row["is_shared"]:
            return None
        if row["owner_type"] == "cost_center":
            return str(row["owner_id"])
        if row["owner_type"] == "team":
            return of_team(policy, row["owner_id"])
        return first(named(policy, Owners(application=row["owner_id"])))  # type: ignore[no-any-return]
    return None


def of_account(policy: Policy, account: str | None) -> str | None:
    """Cost center of last resort of an account."""
    row = lookup(policy, "billing_accounts", "billing_account_id", account)
    return row["cost_center"] if row else None


def bearer(
    policy: Policy, owners: Owners, month: date, key: str | None = None, account: str | None = None
) -> str:
    """The cost center that bears a record."""
    found = first(named(policy, owners)) or of_key(policy, key, month) or of_account(policy, account)
    return found or UNASSIGNED
