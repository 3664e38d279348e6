"""What is booked where: closed months stand, later knowledge is a row in the first open one (semantics.md 9).

A month holds what was known before its first close. What becomes known from one close or reopening to the next changes
the month by the difference, and that goes to the first month that is open then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from .allocation import slices
from .drivers import Quantities, bearer_of, owners_of, quantities
from .landing import land
from .ledger import Ledger, build
from .money import ZERO, from_units
from .policy import Policy
from .records import SharedCost
from .times import month, next_month

SHARED = "__shared__"
Account = tuple[str, str]  # source and cost center
Booked = dict[date, dict[Account, Decimal]]  # by month of the event


@dataclass(frozen=True)
class Close:
    """A close of a month, and when it was reopened."""

    month: date
    closed: datetime
    reopened: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.closed <= at and (self.reopened is None or at < self.reopened)


def closes_of(policy: Policy) -> list[Close]:
    """Every close that has happened."""
    return [
        Close(date.fromisoformat(f"{row['period']}-01"), row["closed_at"], row.get("reopened_at"))
        for row in policy.rows("periods")
        if row["closed_at"] is not None and row["closed_at"] <= policy.as_of
    ]


def known_before(policy: Policy, at: datetime) -> Policy:
    """The policy as it was recorded before an instant; what has no time of recording holds for ever."""
    contracts = [row for row in policy.rows("contract_prices") if row["recorded_at"] < at]
    return replace(policy, seeds={**policy.seeds, "contract_prices": contracts})


def is_same(one: SharedCost, other: SharedCost | None) -> bool:
    """Whether two deliveries are one version."""
    return other is not None and replace(one, known=None) == replace(other, known=None)


def booked(found: Ledger) -> Booked:
    """{month: {(source, cost center): cost}} by all that a ledger knows."""
    table: Booked = defaultdict(lambda: defaultdict(lambda: ZERO))
    for part in found.parts:
        center = bearer_of(found, part, owners_of(found, part))
        table[month(part.at.date())][part.source, center] += part.cost
    for cost in found.feeds.shared_costs:
        for at, units in slices(cost, found.policy):
            table[at]["shared", SHARED] += from_units(units)
    return table


@dataclass(frozen=True)
class Books:
    """The ledger as it is known now, and as it was known before each close."""

    found: Ledger
    files: Mapping[str, list[bytes]]

    @cached_property
    def closes(self) -> list[Close]:
        return closes_of(self.found.policy)

    @cached_property
    def instants(self) -> list[datetime]:
        """Closes and reopenings, in order."""
        told = [edge for close in self.closes for edge in (close.closed, close.reopened)]
        return sorted({edge for edge in told if edge is not None and edge <= self.found.policy.as_of})

    @cached_property
    def before(self) -> dict[datetime, Ledger]:
        """{instant: what was known before it}."""
        policy = self.found.policy
        known = {at: known_before(policy, at) for at in self.instants}
        return {at: build(known[at], land(self.files, known[at], at)) for at in self.instants}

    def first_open(self, at: date, moment: datetime) -> date:
        """The month in which something of a month is posted that becomes known at a moment."""
        while any(close.month == at and close.holds(moment) for close in self.closes):
            at = next_month(at)
        return at

    def postings(self) -> dict[tuple[date, date, str, str], Decimal]:
        """{(event month, posting month, source, cost center): amount}, without zeros."""
        now = booked(self.found)
        then = {at: booked(ledger) for at, ledger in self.before.items()}
        table: dict[tuple[date, date, str, str], Decimal] = defaultdict(lambda: ZERO)
        for at in sorted({*now, *(each for ledger in then.values() for each in ledger)}):
            shut = min((close.closed for close in self.closes if close.month == at), default=datetime.max)
            values: dict[Account, Decimal] = {}
            target = at
            for instant in [*(each for each in self.instants if each >= shut), None]:
                new = now[at] if instant is None else then[instant][at]
                for name in {*new, *values}:
                    table[at, target, *name] += new.get(name, ZERO) - values.get(name, ZERO)
                values = dict(new)
                target = at if instant is None else self.first_open(at, instant)
        return {key: amount for key, amount in table.items() if amount}

    def shared_costs(self) -> list[SharedCost]:
        """Pools to be split: one that is restated after a close as it was, taken back, and anew."""
        found = []
        for cost in self.found.feeds.shared_costs:
            shut = min((close.closed for close in self.closes if close.month == month(cost.start)), default=None)
            told: list[SharedCost] = []
            for at in [each for each in self.instants if shut is not None and each >= shut]:
                told += [
                    other
                    for other in self.before[at].feeds.shared_costs
                    if (other.shared_cost_id, other.start) == (cost.shared_cost_id, cost.start)
                ]
            said = [each for each, last in zip(told, [None, *told], strict=False) if not is_same(each, last)]
            if not said or not is_same(cost, said[-1]):
                said.append(cost)
            found.append(said[0])
            for number, (old, new) in enumerate(pairwise(said), 1):
                name = f"{cost.shared_cost_id} #"
                found.append(replace(old, shared_cost_id=f"{name}{2 * number}", amount=-old.amount))
                found.append(replace(new, shared_cost_id=f"{name}{2 * number + 1}"))
        return found

    def measured(self) -> Quantities:
        """Drivers: the first close freezes what was measured of the month; counts of units are not frozen."""
        table = quantities(self.found)
        for at in {close.month for close in self.closes}:
            shut = min(close.closed for close in self.closes if close.month == at)
            frozen = quantities(self.before[shut])
            for where in {*table, *frozen}:
                if where[0] == at and where[3] not in ("units", "successful_units"):
                    table[where] = frozen.get(where, {})
        return table
