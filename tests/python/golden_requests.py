"""Golden requests: usage bodies of real calls with flat prices and the cost that they must have, to the last decimal.

Rows come from genai_golden (not part of the repository) and from a small file of our own that has every shape of them.
Each becomes up to three calls of the golden build: priced by its own prices, the same with its tokens read from the
provider's body, and by the committed price list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from conftest import REPOSITORY, shared_data_folder
from golden import World
from price_list import aliases, prices_by_model, read_rows, served

OWN = REPOSITORY / "tests" / "fixtures" / "golden_requests.csv"
SHARED = "genai_golden/golden_flat_costs_first400.csv"
AT, DAY = "2026-11-20T00:00:00Z", "2026-11-20 00:00:00"
COLUMNS = ("input_tokens_incl_cache", "cache_read_tokens", "cache_write_tokens", "output_tokens")
# Price columns and the meters that they price.
PRICES = {
    "input_usd_mtok": ("input_uncached",),
    "cache_read_usd_mtok": ("cache_read",),
    "cache_write_usd_mtok": ("cache_write_5m",),
    "output_usd_mtok": ("output",),
}
Tokens = tuple[int, int, int, int]


@dataclass(frozen=True)
class Request:
    """One row: the file it is from, its line, and its fields as text."""

    source: str
    line: int
    row: dict[str, str]

    @property
    def tokens(self) -> Tokens:
        """(input with cache, cache read, cache write, output) tokens as the row's columns say."""
        given, read, write, out = (int(self.row[column]) for column in COLUMNS)
        return given, read, write, out

    @property
    def expected(self) -> Decimal:
        return Decimal(self.row["expected_cost_usd"])

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.row["native_usage_json"])

    @property
    def model(self) -> str:
        """A name for the row's own prices, which differ between sellers of one model."""
        return f"{self.source}/{self.row['provider_id']}/{self.row['price_model_id']}"

    def call(self, basis: str) -> str:
        """The request id of the call that prices this row by `basis`: `own`, `body` or `list`."""
        return f"golden_request/{self.source}/{self.line}/{basis}"

    @property
    def meters(self) -> Iterator[tuple[str, Decimal, int]]:
        """(meter, price per million, tokens) of the row; a cache price equal to the input price is none."""
        given, read, write, out = self.tokens
        counts = (given - read - write, read, write, out)
        for (column, (meter,)), count in zip(PRICES.items(), counts, strict=True):
            if not meter.startswith("cache") or self.row[column] != self.row["input_usd_mtok"]:
                yield meter, Decimal(self.row[column]), count

    def excluded(self, basis: str) -> str | None:
        """Why the row cannot be priced by this basis; None where it can."""
        given, _, write, _ = self.tokens
        told = [meter for meter, _, _ in self.meters]
        if basis == "list":
            model = served(self.row["provider_id"], self.row["model"], DAY)
            if model is None:
                return "the price list leaves this seller out"
            bounds = {int(price["context_tokens_over"]) for price in prices_by_model()[model]}
            is_tiered = any(0 < bound < given for bound in bounds)
            return "the list has a context tier where this price is flat" if is_tiered else None
        if any(count and not is_price(price) for _, price, count in self.meters):
            return "a price of more than 9 decimals"
        if write and "cache_write_5m" not in told:
            return "tokens written to a cache that has no price"
        if basis == "body" and tokens_of_body(self.body) != self.tokens:
            return "priced as an embedding: the body's output is left out"
        return None


def is_price(price: Decimal) -> bool:
    """Whether a price fits the list: at most 9 decimals."""
    return price == round(price, 9)


def dialect(usage: dict[str, Any]) -> str:
    """Whose usage body it is."""
    if "promptTokenCount" in usage:
        return "gemini"
    if "prompt_tokens" in usage:
        return "openai chat"
    return "openai responses" if "input_tokens_details" in usage else "anthropic"


def tokens_of_body(usage: dict[str, Any]) -> Tokens:
    """(input with cache, cache read, cache write, output) tokens, read from the provider's own body."""
    kind = dialect(usage)
    if kind == "gemini":
        given = usage["promptTokenCount"] + usage.get("toolUsePromptTokenCount", 0)
        out = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
        return given, usage.get("cachedContentTokenCount", 0), 0, out
    if kind == "openai chat":
        read = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        return usage["prompt_tokens"], read, 0, usage["completion_tokens"]
    if kind == "openai responses":
        read = usage["input_tokens_details"]["cached_tokens"]
        return usage["input_tokens"], read, 0, usage["output_tokens"]
    read, write = usage.get("cache_read_input_tokens") or 0, usage.get("cache_creation_input_tokens") or 0
    return usage["input_tokens"] + read + write, read, write, usage["output_tokens"]


def untold_input(usage: dict[str, Any]) -> int:
    """Input tokens of the compaction that the body's own counts, and so its price, leave out."""
    steps = [step for step in usage.get("iterations", ()) if step["type"] == "compaction"]
    return sum(tokens_of_body(step)[0] for step in steps)


def requests(source: str) -> list[Request]:
    """The rows of `own` or `shared`; none where the file is not there."""
    path = OWN if source == "own" else shared_data_folder() / SHARED
    return [Request(source, line, row) for line, row in enumerate(read_rows(path))] if path.exists() else []


def add_calls(world: World) -> None:
    """Every usable row of both files as calls of the world, with the prices that they need."""
    priced: set[str] = set()
    listed: set[tuple[str, str]] = set()
    named: set[tuple[str, str]] = set()
    for request in requests("own") + requests("shared"):
        row = request.row
        for basis in ("own", "body", "list"):
            if request.excluded(basis):
                continue
            given, read, write, out = tokens_of_body(request.body) if basis == "body" else request.tokens
            usage = {
                "input_tokens": given,
                "cached_input_tokens": read,
                "cache_write_5m_tokens": write,
                "output_tokens": out,
            }
            is_listed = basis == "list"
            model, provider = (row["model"], row["provider_id"]) if is_listed else (request.model, "golden")
            world.call(
                AT, model, usage, provider=provider, request_id=request.call(basis), environment="evaluation",
                application="golden_requests",
            )  # fmt: skip
            if is_listed:
                named.add((provider, model.lower()))
                listed.add(served(provider, model, DAY) or ("", ""))
        for meter, price, _ in request.meters if request.model not in priced else ():
            if is_price(price):
                world.price(request.model, meter, str(price), is_free=str(not price).lower())
        priced.add(request.model)
    world.policy["list_prices"] += [row for key in sorted(listed) for row in prices_by_model()[key]]
    world.policy["model_aliases"] += [row for key in sorted(named) for row in aliases()[key]]
