"""What every converter shares: exact money text and a streaming writer of feed files.

A converter reads one data set row by row and yields records of the input contract. Money stays decimal
text from the source's characters to the feed file; no float is ever made of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Record = dict[str, Any]

PICO = Decimal("0.000000000001")


def money(amount: str | Decimal) -> str:
    """Decimal text with at most 12 decimals (the ledger's scale), half away from zero.

    A source that printed a binary float (`0.054303500000000005`) carries digits below a pico-dollar, which
    the input contract refuses; they are rounded here, once per amount.
    """
    exact = Decimal(amount).quantize(PICO, rounding=ROUND_HALF_UP)
    text = format(exact, "f").rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def reported(amount: str | Decimal, source: str) -> Record:
    """The `cost_estimate` object of a usage event: the source's own figure in USD."""
    return {
        "amount": money(amount),
        "currency": "USD",
        "pricing_source": source,
        "is_final_invoice_amount": False,
    }


def write_jsonl(target: Path, feed: str, name: str, records: Iterable[Record]) -> int:
    """Write `<target>/<feed>/<name>.jsonl`, one record a line, and return how many there were."""
    folder = target / feed
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count
