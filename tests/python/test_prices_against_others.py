"""The list price seeds against what others published: the prices of the golden requests and LiteLLM's price file."""

from __future__ import annotations

import json
import os
import re
import warnings
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
