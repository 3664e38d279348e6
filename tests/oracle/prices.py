"""The one dated price of a call's meter (semantics.md section 3; seeds of input_contract.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from .money import ledger, product
from .policy import Policy, Row, holds

STANDARD_INPUT = "input_uncached"


@dataclass(frozen=True)
class Price:
    """An amount of `currency` for `per_quantity`, less a discount; `rank` 1 account, 2 provider, 3 list."""

    rank: int
    amount: Decimal
    keep: Decimal
    per_quantity: int
    currency: str
    is_free: bool
    is_assumed: bool = False

    def cost(self, quantity: int) -> Decimal:
        """The exact product, cast once to the ledger's twelve places."""
        # per_quantity is a power of ten, so that the quotient is a finite decimal.
        return ledger(product(quantity, self.amount, self.keep, Decimal(1) / Decimal(self.per_quantity)))


@dataclass(frozen=True)
class PriceBook:
    """All prices of a policy."""

    policy: Policy

    @cached_property
    def newest_editions(self) -> dict[tuple[object, ...], object]:
        """The newest observed_on of each list key."""
        found: dict[tuple[object, ...], object] = {}
        for row in self.policy.rows("list_prices"):
            key = list_key(row)
            if key not in found or row["observed_on"] > found[key]:  # type: ignore[operator]
                found[key] = row["observed_on"]
        return found

    def provider(self, reported: str) -> str:
        """A provider in the spelling of the price list."""
        for row in self.policy.rows("provider_aliases"):
            if row["reported_provider"] == reported.lower():
                return str(row["provider"])
        return reported

    def model(self, provider: str, reported: str, at: datetime) -> tuple[str, str] | None:
        """(provider of the price, model) that a reported name stands for, or None where the list knows no such name."""
        for row in self.policy.in_force("model_aliases", at, provider=provider, reported_model=reported.lower()):
            return row["price_provider"], row["model"]
        known = {(row["provider"], row["model"]) for seed in ("list_prices", "contract_prices")
                 for row in self.policy.rows(seed)}  # fmt: skip
        return (provider, reported) if (provider, reported) in known else None

    def list_price(
        self, provider: str, model: str, meter: str, tier: str, at: datetime, context: int
    ) -> Price | None:
        """The list price in force: newest edition, highest context bound below the request, hours before all day."""
        found = [
            row
            for row in self.policy.in_force(
                "list_prices", at, provider=provider, model=model, meter=meter, service_tier=tier
            )
            if row["observed_on"] == self.newest_editions[list_key(row)]
            and in_context(row, context)
            and in_hours(row, at)
        ]
        if not found:
            return None
        row = max(found, key=lambda row: (row["context_tokens_over"], row.get("time_from_utc") is not None))
        return Price(3, row["price"], Decimal(1), row["per_quantity"], row["currency"], row["is_free"])

    def contract_price(
        self, rank: int, provider: str, account: str | None, listed: tuple[str, str], meter: str, tier: str,
        at: datetime, context: int,
    ) -> Price | None:  # fmt: skip
        """The contract's price, or its discount on the list price in force."""
        model = listed[1]
        found = [
            row
            for row in self.policy.rows("contract_prices")
            if (row["provider"], row["billing_account_id"], row["model"], row["meter"], row["service_tier"])
            == (provider, account, model, meter, tier)
            and holds(row, at)
            and row["recorded_at"] <= self.policy.as_of
            and in_context(row, context)
        ]
        if not found:
            return None
        row = max(found, key=lambda row: (row["context_tokens_over"], row["recorded_at"]))
        if row["price"] is not None:
            return Price(rank, row["price"], Decimal(1), row["per_quantity"], row["currency"], is_free=False)
        base = self.list_price(*listed, meter, tier, at, context)
        if base is None:
            return None
        return Price(rank, base.amount, 1 - row["discount_rate"], base.per_quantity, base.currency, base.is_free)

    def has_contract(self, provider: str, account: str | None, reported: str, listed: tuple[str, str] | None) -> bool:
        """Whether a contract has any price of the model, at any time."""
        model = listed[1] if listed else reported
        return any(
            (row["provider"], row["model"]) == (provider, model) and row["billing_account_id"] in (account, None)
            for row in self.policy.rows("contract_prices")
        )

    def price(
        self, provider: str, account: str | None, listed: tuple[str, str] | None, meter: str, tier: str,
        at: datetime, context: int,
    ) -> Price | None:  # fmt: skip
        """The most specific price: the account's contract, the provider's contract, the list."""
        if listed is None:
            return None
        contracts = [(1, account)] if account is not None else []
        for rank, holder in [*contracts, (2, None)]:
            found = self.contract_price(rank, provider, holder, listed, meter, tier, at, context)
            if found:
                return found
        return self.list_price(*listed, meter, tier, at, context)


def list_key(row: Row) -> tuple[object, ...]:
    """What the editions of a list price share."""
    columns = ("provider", "model", "meter", "service_tier", "context_tokens_over", "time_from_utc")
    return tuple(row.get(column) for column in columns)


def in_context(row: Row, context: int) -> bool:
    """A tier holds for requests above its bound; the base tier for all."""
    return row["context_tokens_over"] == 0 or context > row["context_tokens_over"]


def in_hours(row: Row, at: datetime) -> bool:
    """Hours of the day, from inclusive, to exclusive; they may wrap midnight."""
    start, end = row.get("time_from_utc"), row.get("time_to_utc")
    if start is None or end is None:
        return True
    clock = at.strftime("%H:%M:%S.%f")
    start, end = f"{start}.000000", f"{end}.000000"
    return start <= clock < end if start < end else clock >= start or clock < end
