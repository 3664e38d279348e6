"""What people cost: minutes charged once, at the dated rate of the role (semantics.md section 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from .landing import minutes_between
from .money import ZERO, quotient
from .policy import Policy, day_of, first
from .records import Review


@dataclass(frozen=True)
class ReviewCost:
    """Charged minutes, and their cost in the reporting currency; None where the role has no rate on the day."""

    minutes: Decimal
    cost: Decimal | None
    amount: Decimal | None
    currency: str | None


def end_of(review: Review) -> datetime:
    """The end told, else start plus minutes, at microseconds."""
    return review.end or review.start + timedelta(microseconds=int(review.minutes * 60_000_000))


def lateness(review: Review, policy: Policy) -> int:
    """How many closes of its month or later ones a sitting missed: it changes nothing that was closed before."""
    known = review.known or review.start
    return sum(
        f"{review.start:%Y-%m}" <= row["period"] and row["closed_at"] is not None and row["closed_at"] <= known
        for row in policy.rows("periods")
    )


def uncovered(start: datetime, end: datetime, busy: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """What of a sitting lies outside of others."""
    free = [(start, end)]
    for begin, last in busy:
        free = [
            piece
            for a, b in free
            for piece in ((a, min(b, max(a, begin))), (max(a, min(b, last)), b))
            if piece[0] < piece[1]
        ]
    return free


def charged_minutes(reviews: Sequence[Review], policy: Policy) -> dict[str, Decimal]:
    """{review: minutes}; what a reviewer spends on two units at once is charged once.

    To the sitting that started first; one that becomes known after a close yields to those known before.
    """
    found: dict[str, Decimal] = {}
    sittings: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        if review.reviewer is None:
            found[review.review_id] = review.minutes
        else:
            sittings[review.reviewer].append(review)
    for own in sittings.values():
        busy: list[tuple[datetime, datetime]] = []
        for review in sorted(own, key=lambda review: (lateness(review, policy), review.start, review.review_id)):
            whole = (review.start, end_of(review))
            free = uncovered(*whole, busy)
            if free in ([whole], []) and (free or whole[0] == whole[1]):
                found[review.review_id] = review.minutes
            else:
                found[review.review_id] = sum((minutes_between(*piece) for piece in free), ZERO)
            busy.append(whole)
    return found


def costs_of(reviews: Sequence[Review], policy: Policy) -> dict[str, ReviewCost]:
    """{review: its cost}: minutes x loaded rate / 60, cast once."""
    found = {}
    minutes = charged_minutes(reviews, policy)
    for review in reviews:
        rate = first(policy.in_force("labor_rates", day_of(review.start), reviewer_role=review.role))
        amount = cost = currency = None
        if rate:
            currency = rate["currency"]
            amount = quotient(minutes[review.review_id] * rate["hourly_rate"], Decimal(60))
            cost = policy.convert(amount, currency, review.start)
        found[review.review_id] = ReviewCost(minutes[review.review_id], cost, amount, currency)
    return found
