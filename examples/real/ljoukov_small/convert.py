"""ljoukov_small: 16 attempts (8 models x 2 tasks) with the agent's and the grader's tokens and cost.

`summary.json` holds one object per attempt. Each gives two usage events (agent: layer model_api; grader:
layer evaluation) and one outcome. The file knows one time for the whole run, so every call carries the run's
start and every outcome the time at which the summary was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from examples.real.feeds import Record, reported, write_jsonl

NAME = "ljoukov_small"
UNIT_TYPE = "agent_task"
WORKFLOW = "agent_benchmark"


def run_started_at(run_id: str) -> str:
    """`agent-fs-2026-02-12T17-08-10-524Z` -> `2026-02-12T17:08:10.524Z`."""
    day, clock = run_id.removeprefix("agent-fs-").removesuffix("Z").split("T")
    hours, minutes, seconds, milliseconds = clock.split("-")
    return f"{day}T{hours}:{minutes}:{seconds}.{milliseconds}Z"


def provider_of(model: str) -> str:
    """The price list's provider of a served model; the file names models only."""
    if model.startswith("accounts/fireworks/"):
        return "fireworks"
    return "google" if model.startswith("gemini") else "openai"


def usage_of(counters: dict[str, int]) -> Record | None:
    """Canonical usage, or None where every counter is 0: the call failed, and what it used is not known.

    `cachedTokens` lie inside `promptTokens`; `thinkingTokens` lie beside `responseTokens`, so that output is
    both and the source's total is input + output.
    """
    if counters["totalTokens"] == 0:
        return None
    return {
        "input_tokens": counters["promptTokens"],
        "cached_input_tokens": counters["cachedTokens"],
        "output_tokens": counters["responseTokens"] + counters["thinkingTokens"],
        "reasoning_tokens": counters["thinkingTokens"],
        "total_tokens": counters["totalTokens"],
    }


def unit_of(result: Record) -> Record:
    """The unit of work of an attempt: one model on one task in one run."""
    unit_id = f"{result['model']}/{result['taskId']}/{result['runIndex']}"
    return {"unit_type": UNIT_TYPE, "unit_id": unit_id}


def usage_events(summary: Record) -> Iterator[Record]:
    """Two calls per attempt. The model is the one served, where the file tells it, else the one asked for."""
    started_at = run_started_at(summary["runId"])
    for result in summary["results"]:
        served = result["modelVersions"][0] if result["modelVersions"] else result["model"]
        unit = unit_of(result)
        for step, layer, model in (
            ("agent", "model_api", served),
            ("grader", "evaluation", summary["graderModel"]),
        ):
            record: Record = {
                "request_id": f"{summary['runId']}/{unit['unit_id']}/{step}",
                "timestamp_utc": started_at,
                "environment": "production",
                "application": NAME,
                "workflow": WORKFLOW,
                "step": step,
                "layer": layer,
                "agent_id": result["model"],
                "provider": provider_of(model),
                "endpoint": "chat",
                "model_or_deployment": model,
                "status": "error" if step == "agent" and "agentError" in result else "success",
                "business_unit": unit,
                "cost_estimate": reported(result[f"{step}CostUsd"], "benchmark_price_table"),
            }
            usage = usage_of(result[f"{step}Usage"])
            if usage is not None:
                record["usage"] = usage
            yield record


def unit_events(summary: Record) -> Iterator[Record]:
    """One outcome per attempt: `pass` or `fail` as the benchmark judged it."""
    for result in summary["results"]:
        unit = unit_of(result)
        yield {
            **unit,
            "event_id": f"{unit['unit_id']}/outcome",
            "environment": "production",
            "application": NAME,
            "workflow": WORKFLOW,
            "agent_id": result["model"],
            "event_type": "outcome",
            "outcome": "pass" if result["success"] else "fail",
            "occurred_at": summary["generatedAt"],
            "attributes": {"task": result["taskId"]},
        }


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the feeds of `<source>/ljoukov_small` under target; returns records written per feed."""
    text = (source / NAME / "summary.json").read_text(encoding="utf-8")
    summary = json.loads(text, parse_float=Decimal)
    return {
        "ai_usage_events": write_jsonl(target, "ai_usage_events", NAME, usage_events(summary)),
        "unit_events": write_jsonl(target, "unit_events", NAME, unit_events(summary)),
    }
