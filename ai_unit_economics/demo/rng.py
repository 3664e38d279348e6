"""A small integer generator, so that the demo has the same bytes on every machine and Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
MASK = (1 << 64) - 1


class Rng:
    """SplitMix64. Each subject draws from a stream of its own, so that one more draw moves no other subject."""

    def __init__(self, *key: str | int) -> None:
        digest = hashlib.sha256("/".join(str(part) for part in key).encode()).digest()
        self.state = int.from_bytes(digest[:8], "big")

    def below(self, limit: int) -> int:
        """An integer in [0, limit)."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return (mixed ^ (mixed >> 31)) % limit

    def between(self, low: int, high: int) -> int:
        """An integer in [low, high], even."""
        return low + self.below(high - low + 1)

    def around(self, low: int, high: int) -> int:
        """An integer in [low, high], more often in the lower middle: work is skewed, not even."""
        span = high - low + 1
        first, second, third = self.below(span), self.below(span), self.below(span)
        return low + (first + second + min(first, third)) // 3

    def chance(self, per_mille: int) -> bool:
        """True in `per_mille` of 1,000 draws."""
        return self.below(1000) < per_mille

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, even."""
        return values[self.below(len(values))]

    def weighted(self, values: Sequence[T], weights: Sequence[int]) -> T:
        """One of the values, by integer weights."""
        point = self.below(sum(weights))
        for value, weight in zip(values, weights, strict=True):
            point -= weight
            if point < 0:
                return value
        raise AssertionError("the weights are exhausted")
