"""The unit ledger: every direct cost once, with its unit and episode (semantics.md sections 2 and 4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from . import charges, reviews
from .calls import CallCost, cost_of
from .episodes import Episode, State, episodes_of, state_of
from .money import ZERO, from_units, scaled, split
from .owners import bearer
from .policy import Policy, first
from .prices import PriceBook
from .records import Call, Charge, Fact, Feeds, Owners, Review, Unit
from .times import month

FAILED_CALLS = frozenset({"error", "timeout"})


@dataclass(frozen=True)
class Part:
    """The part of a record's cost that falls to a unit; `waste` where the call came to nothing."""

    unit: Unit | None
    at: datetime
    layer: str
    source: str
    cost: Decimal
    owners: Owners
    environment: str
    record: Call | Charge | Review
    minutes: Decimal = ZERO
    tokens: int = 0
    is_wasted: bool = False
    is_unpriced: bool = False
    status: str = ""


DIMENSIONS = ("application", "workflow", "agent_id", "tenant_id", "team", "cost_center")


@dataclass
class UnitEpisode:
    """One row of the unit ledger."""

    unit: Unit
    episode: Episode
    state: State
    owners: Owners
    parts: list[Part]
    started: datetime
    is_attempted: bool
    bearing_cost_center: str
    allocated: Decimal = ZERO

    @property
    def layers(self) -> dict[str, Decimal]:
        """Direct cost by layer."""
        found: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for part in self.parts:
            found[part.layer] += part.cost
        return dict(found)

    @property
    def direct(self) -> Decimal:
        return sum((part.cost for part in self.parts), ZERO)

    @property
    def wasted(self) -> Decimal:
        """Everything of failed and cancelled work, else the calls that came to nothing."""
        if self.state.state in ("failed", "cancelled"):
            return self.direct + self.allocated
        return sum((part.cost for part in self.parts if part.is_wasted), ZERO)

    @property
    def calls(self) -> list[Call]:
        return [part.record for part in self.parts if isinstance(part.record, Call)]

    @property
    def cohort_month(self) -> date:
        return month(self.started.date())


@dataclass
class Ledger:
    """Everything that costs, and the units."""

    policy: Policy
    feeds: Feeds
    book: PriceBook
    call_costs: dict[int, CallCost] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    units: list[UnitEpisode] = field(default_factory=list)
    review_owners: dict[Unit, Owners] = field(default_factory=dict)


def shares(environment: str, units: tuple[tuple[str, str, Decimal | None], ...]) -> dict[Unit, int]:
    """{unit: weight} of a call or charge: shares as told, in millionths; even where one is missing."""
    keys: list[Unit] = [(environment, kind, unit) for kind, unit, _ in units]
    told = [share for *_, share in units]
    if len(keys) == 1 or any(share is None for share in told):
        return dict.fromkeys(keys, 1)
    return {key: scaled(share, 6) for key, share in zip(keys, told, strict=True) if share is not None}


def wasted_calls(calls: list[Call]) -> set[int]:
    """Calls that came to nothing: those that a later one names, the nearest one that was an attempt less (of unit and
    step, where the later one names none), and those that failed. Equal attempts of a loop stay work.
    """
    named = {(call.environment, call.units[0][:2] if len(call.units) == 1 else None, call.retry_of) for call in calls}
    chains: dict[object, list[Call]] = defaultdict(list)
    found = set()
    for call in calls:
        told = {(call.environment, unit, call.request_id) for unit in (None, *(unit[:2] for unit in call.units))}
        if call.status in FAILED_CALLS or told & named:
            found.add(id(call))
        if len(call.units) == 1:
            chains[call.environment, call.units[0][:2], call.step or ""].append(call)
    for chain in chains.values():
        chain.sort(key=lambda call: call.request_id)
        for call in chain:
            attempt = call.attempt or 1
            if call.retry_of is None and attempt > 1:
                before = [each for each in chain if (each.attempt or 1) == attempt - 1 and each.at <= call.at]
                if before:
                    found.add(id(max(before, key=lambda each: each.at)))
    return found


def call_parts(call: Call, cost: CallCost, is_wasted: bool) -> list[Part]:
    """A call split over its units; without one it stays whole, without a unit."""
    weights: dict[Unit | None, int] = dict(shares(call.environment, call.units)) or {None: 1}
    tokens = call.usage.get("input_tokens", 0) + call.usage.get("output_tokens", 0)
    money = scaled(cost.known, 12)
    is_shared = len(weights) > 1
    amounts = split(money, weights) if is_shared else dict.fromkeys(weights, money)
    counts = split(tokens, weights) if is_shared else dict.fromkeys(weights, tokens)
    return [
        Part(
            unit=unit,
            at=call.at,
            layer=call.layer,
            source="usage",
            cost=from_units(amounts[unit]),
            owners=call.owners,
            environment=call.environment,
            record=call,
            tokens=counts[unit],
            is_wasted=is_wasted,
            is_unpriced=cost.status in ("unpriced", "partially_priced"),
            status=cost.status,
        )
        for unit in weights
    ]


def environment_of_unit(feeds: Feeds, unit_type: str, unit_id: str) -> str:
    """The environment of a unit that a record names without one: that of its facts or calls, else production."""
    named = (unit_type, unit_id)
    told = {fact.environment for fact in feeds.facts if (fact.unit_type, fact.unit_id) == named}
    told |= {call.environment for call in feeds.calls for unit in call.units if unit[:2] == named}
    return "production" if "production" in told else min(told, default="production")


def environment_of_charge(feeds: Feeds, charge: Charge) -> str:
    """As told, else that of its units where they all lie in one, else production."""
    found = {environment_of_unit(feeds, *unit[:2]) for unit in charge.units}
    return charge.environment or (found.pop() if len(found) == 1 else "production")


def charge_parts(charge: Charge, environment: str, cost: Decimal | None) -> list[Part]:
    """A metered charge split over its units; without one it stays whole, without a unit."""
    weights: dict[Unit | None, int] = dict(shares(environment, charge.units)) or {None: 1}
    amounts = split(scaled(cost or ZERO, 12), weights)
    return [
        Part(
            unit, charge.at, charge.layer, "metered", from_units(amounts[unit]), charge.owners, environment, charge,
            is_unpriced=cost is None,
        )
        for unit in weights
    ]  # fmt: skip


def direct_parts(policy: Policy, feeds: Feeds, costs: dict[int, CallCost]) -> list[Part]:
    """Every record that costs, by unit."""
    found: list[Part] = []
    wasted = wasted_calls(feeds.calls)
    for call in feeds.calls:
        found += call_parts(call, costs[id(call)], id(call) in wasted)
    for charge in feeds.charges:
        found += charge_parts(charge, environment_of_charge(feeds, charge), charges.cost_of(charge, policy))
    paid = reviews.costs_of(feeds.reviews, policy)
    for review in feeds.reviews:
        environment = review.environment or environment_of_unit(feeds, review.unit_type, review.unit_id)
        price = paid[review.review_id]
        found.append(
            Part(
                (environment, review.unit_type, review.unit_id), review.start, "human_review", "review",
                price.cost or ZERO, Owners(team=review.team), environment, review,
                minutes=price.minutes, is_unpriced=price.cost is None,
            )
        )  # fmt: skip
    return found


def unit_owners(policy: Policy, facts: list[Fact], parts: list[Part], unit_type: str | None) -> Owners:
    """What is said of a unit: its source system first, then its calls and charges, the first by letter where they
    differ; a review's team is the reviewer's. The tenant of a session shared by several units serves where no other is
    told.
    """
    told = {name: first(getattr(fact.owners, name) for fact in facts) for name in DIMENSIONS}
    costs = [(part.owners, part.record.units) for part in parts if not isinstance(part.record, Review)]
    for name in DIMENSIONS:
        own = [owners for owners, units in costs if name != "tenant_id" or len(units) < 2]
        for sources in (own, [owners for owners, _ in costs]):
            values = [value for source in sources if (value := getattr(source, name)) is not None]
            told[name] = told[name] or min(values, default=None)
    if unit_type is not None:
        told["workflow"] = told["workflow"] or policy.unit_workflow(unit_type)
    return Owners(**told)


def build(policy: Policy, feeds: Feeds) -> Ledger:
    """Prices every call, splits what is shared, and gives every unit its episodes and states."""
    found = Ledger(policy, feeds, PriceBook(policy))
    found.call_costs = {id(call): cost_of(call, found.book, policy) for call in feeds.calls}
    found.parts = direct_parts(policy, feeds, found.call_costs)
    facts = defaultdict(list)
    for fact in feeds.facts:
        if fact.at <= policy.as_of and (fact.known is None or fact.known <= policy.as_of):
            facts[fact.environment, fact.unit_type, fact.unit_id].append(fact)
    parts = defaultdict(list)
    for part in found.parts:
        if part.unit:
            parts[part.unit].append(part)
    for unit in sorted(facts.keys() | parts.keys()):
        own = sorted(facts[unit], key=lambda fact: fact.at)
        told = [fact for fact in feeds.facts if (fact.environment, fact.unit_type, fact.unit_id) == unit]
        owners = unit_owners(policy, told, parts[unit], unit[1])
        # The workflow of the unit's type is that of its facts; where no source system told any, a review has none.
        found.review_owners[unit] = owners if told else unit_owners(policy, told, parts[unit], None)
        window, abandon = policy.unit_rule(unit[1], owners.workflow)
        episodes = episodes_of(own, window, policy.outcomes)
        for episode, following in zip(episodes, [*episodes[1:], None], strict=True):
            costs = [
                part
                for part in parts[unit]
                if (episode.opens is None or part.at >= episode.opens)
                and (following is None or following.opens is None or part.at < following.opens)
            ]
            moments = [fact.at for _, fact in episode.facts] + [part.at for part in costs]
            state = state_of(episode, policy.as_of, window, abandon, max(moments))
            has_outcome = any(fact.kind in ("outcome", "cancelled") for _, fact in episode.facts)
            found.units.append(
                UnitEpisode(
                    unit, episode, state, owners, costs, min(moments), bool(costs) or has_outcome,
                    bearer(policy, owners, month(min(moments).date())),
                )
            )  # fmt: skip
    return found
