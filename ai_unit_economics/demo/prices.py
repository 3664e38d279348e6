"""What the vendors charge Halden Mutual: the vendors' price sheets and the contracts of the seed."""

from __future__ import annotations

import csv
from bisect import bisect_right
from decimal import Decimal
from pathlib import Path

from .clock import instant
from .records import Call

MILLION = Decimal("0.000001")
THOUSAND = Decimal("0.001")
FACTORS = {"1000000": MILLION, "1000": THOUSAND, "1": Decimal(1)}

# The vendors' public sheets in US dollars: (input, cache read, write 5m, write 1h, output) per million tokens.
# They are repeated here, apart from the list price seed, because an invoice is a fact of its own.
SHEETS: dict[tuple[str, str, int], tuple[str | None, str | None, str | None, str | None, str | None]] = {
    ("openai", "gpt-5", 0): ("1.25", "0.125", None, None, "10"),
    ("openai", "gpt-5-mini", 0): ("0.25", "0.025", None, None, "2"),
    ("openai", "gpt-5-nano", 0): ("0.05", "0.005", None, None, "0.4"),
    ("anthropic", "claude-sonnet-4-5", 0): ("3", "0.3", "3.75", "6", "15"),
    ("anthropic", "claude-sonnet-4-5", 200000): ("6", "0.6", "7.5", "12", "22.5"),
    ("anthropic", "claude-haiku-4-5", 0): ("1", "0.1", "1.25", "2", "5"),
    ("google", "gemini-2.5-flash", 0): ("0.3", "0.03", None, None, "2.5"),
    ("google", "gemini-2.5-pro", 0): ("1.25", "0.125", None, None, "10"),
    ("google", "gemini-2.5-pro", 200000): ("2.5", "0.25", None, None, "15"),
    ("azure", "o4-mini", 0): ("1.1", "0.275", None, None, "4.4"),
    ("mistral", "mistral-medium-3-1", 0): ("0.4", "0.04", None, None, "2"),
}
EMBEDDINGS = {
    ("openai", "text-embedding-3-small"): "0.02",
    ("azure", "text-embedding-3-large"): "0.13",
    ("google", "gemini-embedding-001"): "0.15",
}
# Per thousand searches.
SEARCHES = {("openai", "gpt-5"): "10", ("anthropic", "claude-sonnet-4-5"): "10"}
TOKEN_METERS = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h", "output")


def list_price(provider: str, model: str, meter: str, over: int) -> tuple[Decimal, Decimal] | None:
    """The sheet's price and the quantity factor it is for, or None where the sheet has no such line."""
    if meter == "embedding_input" and (provider, model) in EMBEDDINGS:
        return Decimal(EMBEDDINGS[provider, model]), MILLION
    if meter == "web_search" and (provider, model) in SEARCHES:
        return Decimal(SEARCHES[provider, model]), THOUSAND
    sheet = SHEETS.get((provider, model, over))
    if sheet is None or meter not in TOKEN_METERS:
        return None
    price = sheet[TOKEN_METERS.index(meter)]
    return None if price is None else (Decimal(price), MILLION)


class PriceBook:
    """Prices in force at a moment: the contract of the account first, then the vendor's sheet."""

    def __init__(self, contract_prices: Path) -> None:
        self.contracts: dict[tuple[str, ...], list[tuple[int, int, dict[str, str]]]] = {}
        with contract_prices.open(newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                key = (
                    row["provider"],
                    row["billing_account_id"],
                    row["model"],
                    row["meter"],
                    row["service_tier"],
                )
                starts = instant(row["valid_from"])
                ends = instant(row["valid_to"]) if row["valid_to"] else 1 << 60
                self.contracts.setdefault(key, []).append((starts, ends, row))
        for rows in self.contracts.values():
            rows.sort(key=lambda item: item[0])

    def price(
        self, provider: str, account: str, model: str, meter: str, tier: str, context_tokens: int, at: int
    ) -> tuple[Decimal, Decimal, str, bool] | None:
        """(price, factor of one unit of quantity, currency, is contract) at epoch second `at`; None = no price.

        The whole request is priced at the context tier that its total input reaches.
        """
        over = 200000 if context_tokens > 200000 and (provider, model, 200000) in SHEETS else 0
        on_sheet = list_price(provider, model, meter, over)
        rows = self.contracts.get((provider, account, model, meter, tier), [])
        found = bisect_right([starts for starts, _, _ in rows], at) - 1
        if found >= 0 and at < rows[found][1] and over == 0:
            row = rows[found][2]
            if row["price"]:
                return Decimal(row["price"]), FACTORS[row["per_quantity"]], row["currency"], True
            if on_sheet:
                return on_sheet[0] * (1 - Decimal(row["discount_rate"])), on_sheet[1], "USD", True
        if on_sheet is None:
            return None
        half = tier == "batch" and meter != "web_search"
        return on_sheet[0] * (Decimal("0.5") if half else 1), on_sheet[1], "USD", False

    def cost(self, call: Call) -> dict[str, tuple[Decimal, Decimal, str]] | None:
        """{meter: (quantity, amount, currency)} of what the caller measured, exact; None if a meter has no price."""
        if call.usage is None:
            return None
        found = {}
        for meter, quantity in call.usage.meters(call.endpoint).items():
            priced = self.price(
                call.provider, call.account, call.model, meter, call.tier, call.usage.input, call.at
            )
            if priced is None:
                return None
            found[meter] = (Decimal(quantity), quantity * priced[0] * priced[1], priced[2])
        return found
