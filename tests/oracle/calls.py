"""What a call costs, by whose figure, and what is known of it (semantics.md sections 1 and 3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .landing import EMBEDDING_ENDPOINTS
from .money import ZERO, ledger, total
from .policy import Policy
from .prices import Price, PriceBook
from .records import Call

# What one row of prices quotes; any of them names the model. Further quantities have rows of their own.
BASE_METERS = (
    "input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "output", "request", "web_search",
)  # fmt: skip


@dataclass(frozen=True)
class CallCost:
    """A call's cost. Amounts in the reporting currency; `meters` in `currency`, {meter: (quantity, amount)}."""

    basis: str
    status: str
    repriced: Decimal | None
    reported: Decimal | None
    cost: Decimal | None
    model: str
    currency: str | None
    amount: Decimal | None
    meters: dict[str, tuple[int, Decimal | None]]
    is_beside_contract: bool = False

    @property
    def known(self) -> Decimal:
        """What the cost adds to sums."""
        return self.cost if self.cost is not None else ZERO


def meters_of(call: Call) -> dict[str, int]:
    """The disjoint quantities of a call by meter (section 3)."""
    told = dict(call.usage)
    told.pop("reasoning_tokens", None)
    read = told.pop("cached_input_tokens", 0)
    short, long = told.pop("cache_write_5m_tokens", 0), told.pop("cache_write_1h_tokens", 0)
    found = {
        "input_uncached": told.pop("input_tokens", 0) - read - short - long,
        "cache_read": read,
        "cache_write_5m": short,
        "cache_write_1h": long,
        "output": told.pop("output_tokens", 0),
        "web_search": told.pop("web_searches", 0),
    }
    return found | told


def has_usage(call: Call) -> bool:
    """Whether the producer told tokens, searches or a further quantity."""
    return bool(call.usage.keys() - {"reasoning_tokens"})


def price_of(book: PriceBook, call: Call, meter: str, provider: str, listed: tuple[str, str] | None) -> Price | None:
    """The price of one meter; what a meter without a price of its own is charged at."""
    context = call.usage.get("input_tokens", 0)
    where = (call.tier, call.at, context)
    if meter == "input_uncached" and call.endpoint in EMBEDDING_ENDPOINTS:
        own = book.price(provider, call.account, listed, "embedding_input", *where)
        if own:
            return own
    found = book.price(provider, call.account, listed, meter, *where)
    if found is None and meter == "cache_read":
        return price_of(book, call, "input_uncached", provider, listed)
    return found


def is_listed(book: PriceBook, call: Call, provider: str, listed: tuple[str, str]) -> bool:
    """Whether any price of the model holds for the call; a call without one keeps the name that was reported."""
    return any(price_of(book, call, meter, provider, listed) for meter in BASE_METERS)


def cost_of(call: Call, book: PriceBook, policy: Policy) -> CallCost:
    """One basis per call: repriced, reported, what can be priced, nothing."""
    provider = book.provider(call.provider)
    listed = book.model(provider, call.model, call.at)
    reported = None
    if call.reported and call.reported[1] == policy.reporting_currency:
        reported = ledger(call.reported[0])
    quantities = {meter: quantity for meter, quantity in meters_of(call).items() if quantity}
    prices = {meter: price_of(book, call, meter, provider, listed) for meter in quantities}
    per_request = book.price(
        provider, call.account, listed, "request", call.tier, call.at, call.usage.get("input_tokens", 0)
    )
    if per_request and has_usage(call) and call.requests:
        quantities["request"], prices["request"] = call.requests, per_request
    meters = {
        meter: (quantity, None if (price := prices[meter]) is None else price.cost(quantity))
        for meter, quantity in quantities.items()
    }
    found = [price for price in prices.values() if price]
    currency = min(found, key=lambda price: price.rank).currency if found else None
    priced = total([amount for _, amount in meters.values() if amount is not None])
    is_whole = has_usage(call) and listed is not None and len(found) == len(quantities)
    if is_whole and not quantities:
        found = [price for price in [price_of(book, call, "input_uncached", provider, listed)] if price]
        is_whole = bool(found)
    basis, status, amount = "unpriced", "unpriced", None
    if is_whole:
        contracted = any(price.rank < 3 for price in found)
        basis = "repriced_contract" if contracted else "repriced_list"
        status = "free" if found and all(price.is_free for price in found) else "priced"
        amount = priced
    elif call.reported and call.reported[0] > 0:
        basis, status, amount, currency = "reported", "reported", call.reported[0], call.reported[1]
    elif has_usage(call) and priced:
        basis, status, amount = "partially_priced", "partially_priced", priced
    elif not has_usage(call):
        status = "usage_missing"
    currency = currency or policy.reporting_currency
    cost = None if amount is None else policy.convert(amount, currency, call.at)
    return CallCost(
        basis=basis,
        status=status,
        repriced=cost if is_whole else None,
        reported=reported,
        cost=cost,
        model=listed[1] if listed and is_listed(book, call, provider, listed) else call.model,
        currency=currency,
        amount=amount,
        meters=meters,
        is_beside_contract=basis == "repriced_list" and book.has_contract(provider, call.account, call.model, listed),
    )
