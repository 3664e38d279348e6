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


def charged_minutes(reviews: Sequence[Review]) -> dict[str, Decimal]:
    """{review: minutes}; what a reviewer spends on two units at once is charged to the sitting that started first."""
    found: dict[str, Decimal] = {}
    sittings: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        if review.reviewer is None:
            found[review.review_id] = review.minutes
        else:
            sittings[review.reviewer].append(review)
    for own in sittings.values():
        busy_until = datetime.min
        for review in sorted(own, key=lambda review: (review.start, review.review_id)):
            if busy_until <= review.start:
                found[review.review_id] = review.minutes
            elif end_of(review) <= busy_until:
                found[review.review_id] = ZERO
            else:
                found[review.review_id] = minutes_between(busy_until, end_of(review))
            busy_until = max(busy_until, end_of(review))
    return found


def costs_of(reviews: Sequence[Review], policy: Policy) -> dict[str, ReviewCost]:
    """{review: its cost}: minutes x loaded rate / 60, cast once."""
    found = {}
    minutes = charged_minutes(reviews)
    for review in reviews:
        rate = first(policy.in_force("labor_rates", day_of(review.start), reviewer_role=review.role))
        amount = cost = currency = None
        if rate:
            currency = rate["currency"]
            amount = quotient(minutes[review.review_id] * rate["hourly_rate"], Decimal(60))
            cost = policy.convert(amount, currency, review.start)
        found[review.review_id] = ReviewCost(minutes[review.review_id], cost, amount, currency)
    return found
