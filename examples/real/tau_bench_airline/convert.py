"""tau_bench_airline: 50 airline tickets, four trials each, and what the simulated customer of each cost.

The file holds no cost of the agent itself: the simulated user is a test harness, so its cost is layer
`evaluation`. It holds no dates either; DAY is a stated stand-in, and trial k is put at k o'clock of it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from examples.real.feeds import Record, reported, write_jsonl

NAME = "tau_bench_airline"
UNIT_TYPE = "airline_ticket_trial"
WORKFLOW = "airline_support"
DAY = "2024-06-18"
MODEL = "gpt-4o"


def rows(folder: Path) -> Iterator[dict[str, str]]:
    """One row of text per ticket and trial, streamed."""
    with (folder / "attempts.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def common(row: dict[str, str]) -> Record:
    """What a usage event and an outcome of one trial share."""
    return {"environment": "production", "application": NAME, "workflow": WORKFLOW, "agent_id": MODEL}


def unit_id(row: dict[str, str]) -> str:
    """A trial of a ticket: `ticket/trial`. Trials are independent, so each is a unit of its own."""
    return f"{row['unit_id']}/{row['attempt_no']}"


def happened_at(row: dict[str, str], minute: int) -> str:
    """The stand-in time of a trial."""
    return f"{DAY}T{int(row['attempt_no']):02d}:{minute:02d}:00Z"


def usage_events(folder: Path) -> Iterator[Record]:
    """The simulated user's cost of each trial; five are unknown and stay so."""
    for row in rows(folder):
        record: Record = {
            "request_id": f"{unit_id(row)}/user",
            "timestamp_utc": happened_at(row, 0),
            **common(row),
            "step": "simulated_user",
            "layer": "evaluation",
            "provider": "openai",
            "endpoint": "chat",
            "model_or_deployment": MODEL,
            "status": "success",
            "business_unit": {"unit_type": UNIT_TYPE, "unit_id": unit_id(row)},
        }
        if row["user_sim_cost_usd"]:
            record["cost_estimate"] = reported(row["user_sim_cost_usd"], "benchmark_report")
        yield record


def unit_events(folder: Path) -> Iterator[Record]:
    """One outcome per trial."""
    for row in rows(folder):
        yield {
            "unit_type": UNIT_TYPE,
            "unit_id": unit_id(row),
            "event_id": f"{unit_id(row)}/outcome",
            **common(row),
            "event_type": "outcome",
            "outcome": "resolved" if row["resolved"] == "true" else "unresolved",
            "occurred_at": happened_at(row, 30),
            "attributes": {"ticket": row["unit_id"], "trial": row["attempt_no"]},
        }


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the feeds of `<source>/tau_bench_airline` under target; returns records written per feed."""
    folder = source / NAME
    return {
        "ai_usage_events": write_jsonl(target, "ai_usage_events", NAME, usage_events(folder)),
        "unit_events": write_jsonl(target, "unit_events", NAME, unit_events(folder)),
    }
