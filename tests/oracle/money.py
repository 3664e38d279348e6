"""Exact arithmetic on money (semantics.md section 1) and the signed largest remainder (section 7)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
PLACES = 12
PICO = 10**PLACES
ZERO = Decimal(0)
WIDE = Context(prec=120)


@dataclass(frozen=True)
class Near:
    """An amount that the specification leaves open by so much."""

    value: Decimal
    within: Decimal

    def is_met(self, got: Decimal) -> bool:
        return abs(got - self.value) <= self.within


def scaled(value: Decimal, places: int) -> int:
    """`value` times 10^places, half away from zero."""
    numerator, denominator = value.as_integer_ratio()
    return nearest(numerator * 10**places, denominator)


def nearest(numerator: int, denominator: int) -> int:
    """numerator / denominator as a whole number, half away from zero; the denominator is positive."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def from_units(units: int, places: int = PLACES) -> Decimal:
    """Whole units of 10^-places as a decimal, exactly."""
    return Decimal(units).scaleb(-places, WIDE)


def ledger(value: Decimal, places: int = PLACES) -> Decimal:
    """`value` as a ledger amount: twelve places, half away from zero."""
    return from_units(scaled(value, places), places)


def quotient(numerator: Decimal, denominator: Decimal, places: int = PLACES) -> Decimal:
    """numerator / denominator, rounded once; the denominator is not 0."""
    a, b = numerator.as_integer_ratio()
    c, d = denominator.as_integer_ratio()
    top, bottom = a * d, b * c
    if bottom < 0:
        top, bottom = -top, -bottom
    return from_units(nearest(top * 10**places, bottom), places)


def ratio(numerator: Decimal | int, denominator: Decimal | int | None) -> Decimal | None:
    """A money ratio: null over zero."""
    if denominator is None or denominator == 0:
        return None
    return quotient(Decimal(numerator), Decimal(denominator))


def product(*factors: Decimal | int) -> Decimal:
    """The exact product."""
    with localcontext(WIDE):
        found = Decimal(1)
        for factor in factors:
            found *= factor
        return found


def total(values: Sequence[Decimal]) -> Decimal:
    """The exact sum."""
    with localcontext(WIDE):
        return sum(values, ZERO)


def split(units: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Whole units over targets by largest remainder, ties by weight, then key; a negative amount mirrors the positive.

    The weights are whole, not negative and not all zero.
    """
    whole, size = sum(weights.values()), abs(units)
    found = {key: size * weight // whole for key, weight in weights.items()}
    order = sorted(weights, key=lambda key: (-(size * weights[key] % whole), -weights[key], key))
    for key in order[: size - sum(found.values())]:
        found[key] += 1
    return found if units >= 0 else {key: -part for key, part in found.items()}
