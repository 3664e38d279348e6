"""The list price seeds against what others published: golden request costs and LiteLLM's price file."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from price_list import meter_prices, prices_by_model, read_rows, served, shared_data

GOLDEN = "genai_golden/golden_flat_costs_first400.csv"
PINNED = "2026-11-21 00:00:00"
TOLERANCE = Decimal("0.01")


# ------------------------------------------------------------------------------------ golden costs
@pytest.fixture(scope="module")
def golden() -> list[dict[str, str]]:
    """400 requests: tokens, flat prices per million, expected cost, the provider's own usage body."""
    return read_rows(shared_data(GOLDEN))


def tokens(row: dict[str, str]) -> tuple[int, int, int, int]:
    """(input with cache, cache read, cache write, output) tokens."""
    return (
        int(row["input_tokens_incl_cache"]), int(row["cache_read_tokens"]), int(row["cache_write_tokens"]),
        int(row["output_tokens"]),
    )  # fmt: skip


def cost(row: dict[str, str], cache_at_full_rate: bool = False) -> Decimal:
    """USD by the golden row's own prices."""
    given, read, write, out = tokens(row)
    full = Decimal(row["input_usd_mtok"])
    read_price, write_price = (
        (full, full)
        if cache_at_full_rate
        else (Decimal(row["cache_read_usd_mtok"]), Decimal(row["cache_write_usd_mtok"]))
    )
    micros = (given - read - write) * full + read * read_price + write * write_price
    return (micros + out * Decimal(row["output_usd_mtok"])) / 1_000_000


def test_go1_every_cost_is_exact(golden: list[dict[str, str]]) -> None:
    assert len(golden) == 400
    assert [row for row in golden if cost(row) != Decimal(row["expected_cost_usd"])] == []
    assert sum(map(cost, golden)) == Decimal("7.499520576")
    assert sum(cost(row, cache_at_full_rate=True) for row in golden) == Decimal("7.544614116")


def test_go2_tokens(golden: list[dict[str, str]]) -> None:
    assert [sum(column) for column in zip(*map(tokens, golden), strict=True)] == [2265670, 35199, 2792, 72084]
    assert sum(tokens(row)[1] > 0 for row in golden) == 9
    assert sum(tokens(row)[2] > 0 for row in golden) == 3


def test_go3_the_key_is_the_line(golden: list[dict[str, str]]) -> None:
    assert len({row["row_id"] for row in golden}) == 235
    assert len({(row["row_id"], row["provider_id"]) for row in golden}) == 389
    assert len(golden) - len({tuple(row.values()) for row in golden}) == 1


def dialect(usage: dict[str, Any]) -> str:
    """Whose usage body it is."""
    if "promptTokenCount" in usage:
        return "gemini"
    if "prompt_tokens" in usage:
        return "openai chat"
    return "openai responses" if "input_tokens_details" in usage else "anthropic"


def tokens_of_body(usage: dict[str, Any]) -> tuple[int, int, int, int]:
    """The same four figures, read from the provider's own body."""
    kind = dialect(usage)
    if kind == "gemini":
        given = usage["promptTokenCount"] + usage.get("toolUsePromptTokenCount", 0)
        out = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
        return given, usage.get("cachedContentTokenCount", 0), 0, out
    if kind == "openai chat":
        read = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        return usage["prompt_tokens"], read, 0, usage["completion_tokens"]
    if kind == "openai responses":
        return (
            usage["input_tokens"],
            usage["input_tokens_details"]["cached_tokens"],
            0,
            usage["output_tokens"],
        )
    read, write = usage.get("cache_read_input_tokens") or 0, usage.get("cache_creation_input_tokens") or 0
    return usage["input_tokens"] + read + write, read, write, usage["output_tokens"]


def test_go4_bodies_and_their_tokens(golden: list[dict[str, str]]) -> None:
    bodies = [(row, json.loads(row["native_usage_json"])) for row in golden]
    assert Counter(dialect(usage) for _, usage in bodies) == {
        "anthropic": 230, "openai chat": 86, "gemini": 70, "openai responses": 14,
    }  # fmt: skip
    differing = [row for row, usage in bodies if tokens_of_body(usage) != tokens(row)]
    assert len(differing) == 10
    assert {row["output_tokens"] for row in differing} == {"0"}, "read as embeddings: no output"


def test_go4_prices_are_the_lists(golden: list[dict[str, str]]) -> None:
    """Every row of a core provider, through alias and seed; the 7 rows that differ are openrouter's."""
    compared = 0
    for row in golden:
        model = served(row["provider_id"], row["model"], PINNED)
        if model is None:
            assert not any(provider == row["provider_id"] for provider, _ in prices_by_model()), row["model"]
            continue
        compared += 1
        found = {meter: price for meter, (price, _) in meter_prices(*model, PINNED).items()}
        full = Decimal(row["input_usd_mtok"])
        assert found["input_uncached"] == full, row["model"]
        assert found.get("output", Decimal(0)) == Decimal(row["output_usd_mtok"]), row["model"]
        assert found.get("cache_read", full) == Decimal(row["cache_read_usd_mtok"]), row["model"]
        assert found.get("cache_write_5m", full) == Decimal(row["cache_write_usd_mtok"]), row["model"]
    assert compared == 352


# ---------------------------------------------------------------------------------- LiteLLM's file
METERS = {
    "input_cost_per_token": "input_uncached",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
}
TIERS = {"": "standard", "_batches": "batch", "_flex": "flex", "_priority": "priority"}
PROVIDERS = {
    "openai": "openai", "text-completion-openai": "openai", "anthropic": "anthropic", "gemini": "google",
    "mistral": "mistral", "codestral": "mistral", "cohere": "cohere", "cohere_chat": "cohere",
    "voyage": "voyageai", "deepseek": "deepseek", "xai": "x-ai", "groq": "groq", "together_ai": "together",
    "fireworks_ai": "fireworks",
    "azure": "azure", "azure_ai": "azure", "bedrock": "aws", "bedrock_converse": "aws",
    "vertex_ai-language-models": "google", "vertex_ai-anthropic_models": "google",
}  # fmt: skip
FIELD = re.compile(
    rf"^({'|'.join(sorted(METERS, key=len, reverse=True))})"
    r"(?:_above_(\d+)k_tokens)?(_batches|_flex|_priority)?$"
)


def litellm_prices() -> dict[str, dict[str, Any]]:
    """LiteLLM's model_prices_and_context_window_backup.json, numbers as Decimal; skips when not here."""
    path = os.environ.get("AIUE_LITELLM_PRICES")
    if not path:
        pytest.skip(
            "set AIUE_LITELLM_PRICES to litellm 1.109.1's model_prices_and_context_window_backup.json"
        )
    return json.loads(Path(path).read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)


def compared_prices() -> list[tuple[str, str, str, str, int, Decimal, Decimal]]:
    """(provider, model, meter, tier, context tokens over, ours, theirs) per million, each price once."""
    found: dict[tuple[str, str, str, str, int], tuple[Decimal, Decimal]] = {}
    for key, entry in litellm_prices().items():
        provider = PROVIDERS.get(str(entry.get("litellm_provider")))
        names = (
            (key, key.split("/", 1)[-1]) if provider else ()
        )  # a further prefix is a region with prices of its own
        model = next((m for name in names if (m := served(provider or "", name, PINNED))), None)
        for field, theirs in entry.items() if model and provider else ():
            match = FIELD.match(field)
            if not match or not isinstance(theirs, Decimal) or not theirs:
                continue
            meter, context, tier = METERS[match[1]], int(match[2] or 0) * 1000, TIERS[match[3] or ""]
            ours = meter_prices(*model, PINNED, tier, context + 1).get(meter)
            if ours:
                found.setdefault((*model, meter, tier, context), (ours[0], theirs * ours[1]))
    return [(*key, *prices) for key, prices in sorted(found.items())]


def test_litellm_agrees_within_a_percent() -> None:
    """Two lists kept by different people: what differs is told as a warning, above a tenth it is a fault."""
    compared = compared_prices()
    apart = [row for row in compared if abs(row[5] - row[6]) > TOLERANCE * row[5]]
    lines = [
        f"{p} {m} {meter} {tier} over {over}: ours {us}, LiteLLM {they}"
        for p, m, meter, tier, over, us, they in apart
    ]
    if lines:
        warnings.warn(
            f"{len(apart)} of {len(compared)} prices differ by over 1 %:\n" + "\n".join(lines), stacklevel=1
        )
    assert len(compared) > 1000, f"only {len(compared)} prices were found in both lists"
    assert len(apart) < len(compared) * Decimal("0.10"), (
        f"{len(apart)} of {len(compared)} prices differ by over 1 %"
    )


def test_litellm_has_no_context_tier_for_claude_sonnet_4_5() -> None:
    entry = litellm_prices()["claude-sonnet-4-5"]
    assert 300_000 * entry["input_cost_per_token"] == Decimal("0.90")
    assert not [field for field in entry if "above_200k" in field]
    ours, per = meter_prices("anthropic", "claude-sonnet-4-5", PINNED, total_input=300_000)["input_uncached"]
    assert 300_000 * ours / per == Decimal("1.80")
