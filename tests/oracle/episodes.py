"""The state machine of units: episodes and their state from the facts known at a moment (semantics.md section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .records import Fact
from .times import HOUR

# Facts of one instant in this order; of equals the later one is the worse one.
PRECEDENCE = {
    "opened": 0,
    "outcome_conflict": 1,
    "pending": 1,
    "success": 2,
    "reopened": 3,
    "failed": 4,
    "escalated": 4,
    "cancelled": 5,
}


@dataclass
class Episode:
    """One stretch of a unit's work, with the facts that fall into it. `opens` is None for the first."""

    number: int
    opens: datetime | None
    facts: list[tuple[str, Fact]] = field(default_factory=list)
    resolved: datetime | None = None
    reopened: datetime | None = None
    rejected: datetime | None = None
    cancelled: datetime | None = None
    was_reopened: bool = False


@dataclass(frozen=True)
class State:
    """A state with its reason and the instant of the fact that decided it."""

    state: str
    reason: str
    at: datetime | None


def kind_of(fact: Fact, outcomes: dict[tuple[str, str], str]) -> str:
    """What a fact means: opened, reopened, cancelled, success, failed, escalated or pending."""
    if fact.kind == "outcome":
        return outcomes[fact.unit_type, fact.outcome or ""]
    return fact.kind


def reconciled(told: list[tuple[str, Fact]]) -> list[tuple[str, Fact]]:
    """Contradictory outcomes of one instant: all sources rank alike, so that the one recorded last counts, of those
    the worse one. The losers are kept as `outcome_conflict`.
    """
    verdicts = ("success", "failed", "escalated")
    counts: dict[datetime, tuple[str, Fact]] = {}
    for kind, fact in sorted(told, key=lambda item: (item[1].known or item[1].at, PRECEDENCE[item[0]])):
        if kind in verdicts:
            counts[fact.at] = (kind, fact)
    return [
        ("outcome_conflict", fact)
        if kind in verdicts and (kind == "success") != (counts[fact.at][0] == "success")
        else (kind, fact)
        for kind, fact in told
    ]


def episodes_of(facts: Sequence[Fact], window_hours: int, outcomes: dict[tuple[str, str], str]) -> list[Episode]:
    """The facts of one unit in order, cut where a reopening, rejection or cancellation comes after the window of a
    resolution.
    """
    window = window_hours * HOUR
    found = [Episode(1, None)]
    told = reconciled([(kind_of(fact, outcomes), fact) for fact in facts])
    for kind, fact in sorted(told, key=lambda item: (item[1].at, PRECEDENCE[item[0]])):
        now = found[-1]
        stands = now.resolved is not None and now.reopened is None and now.rejected is None and now.cancelled is None
        is_late = stands and now.resolved is not None and fact.at - now.resolved > window
        if is_late and kind in ("reopened", "failed", "escalated", "cancelled"):
            now = Episode(now.number + 1, fact.at)
            found.append(now)
        now.facts.append((kind, fact))
        if kind == "success":
            # A success that stands and is final is not resolved again.
            if not is_late:
                now.resolved, now.reopened, now.rejected = fact.at, None, None
        elif kind == "reopened" and now.resolved is not None:
            now.was_reopened = True
            now.reopened = now.reopened or fact.at
        elif kind in ("failed", "escalated"):
            if now.resolved is None or fact.at - now.resolved <= window:
                now.rejected = fact.at
        elif kind == "cancelled":
            now.cancelled = now.cancelled or fact.at
    return found


def state_of(
    episode: Episode, as_of: datetime, window_hours: int, abandon_hours: int, last_activity: datetime
) -> State:
    """The first condition of the table of section 4 that matches."""
    window = window_hours * HOUR
    if episode.cancelled is not None:
        return State("cancelled", "cancelled", episode.cancelled)
    if episode.rejected is not None:
        return State("failed", "rejected", episode.rejected)
    if episode.resolved is not None:
        if episode.reopened is not None:
            return State("failed", "reopened", episode.reopened)
        if as_of - episode.resolved > window:
            return State("success", "resolved", episode.resolved)
        return State("pending", "resolved", episode.resolved)
    if as_of - last_activity > abandon_hours * HOUR:
        return State("failed", "abandoned", None)
    return State("pending", "unknown", None)
