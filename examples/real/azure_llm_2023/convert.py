"""azure_llm_2023: two production services' requests, sizes and times only.

No model, key, unit or cost is told: every call is kept, unattributed and unpriced. The source gives no id
either, so a request is named by its file and line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from examples.real.feeds import Record, write_jsonl

NAME = "azure_llm_2023"
SERVICES = ("code", "conv")


def usage_events(folder: Path) -> Iterator[Record]:
    """One event per request; the line number counts the header as line 1. Times have no zone: UTC."""
    for service in SERVICES:
        file_name = f"AzureLLMInferenceTrace_{service}.csv"
        with (folder / file_name).open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                yield {
                    "request_id": f"{file_name}:{number}",
                    "timestamp_utc": f"{row['TIMESTAMP'].replace(' ', 'T')}Z",
                    "environment": "production",
                    "application": NAME,
                    "workflow": service,
                    "provider": "azure",
                    "endpoint": "chat",
                    "model_or_deployment": "not_told",
                    "status": "success",
                    "usage": {
                        "input_tokens": int(row["ContextTokens"]),
                        "output_tokens": int(row["GeneratedTokens"]),
                    },
                }


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the feeds of `<source>/azure_llm_2023` under target; returns records written per feed."""
    return {"ai_usage_events": write_jsonl(target, "ai_usage_events", NAME, usage_events(source / NAME))}
