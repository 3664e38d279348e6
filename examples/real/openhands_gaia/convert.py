"""openhands_gaia: nine agent runs of 165 benchmark questions, with the reported cost of most and no tokens.

`instances.csv` gives one usage event and one outcome per question and run. Its second file gives the run's
one date, and the cost per question that the project publishes: times the number of questions that is what an
outside party says the run cost, a control line to reconcile to (`provider_usage`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from examples.real.feeds import Record, money, reported, write_jsonl

NAME = "openhands_gaia"
UNIT_TYPE = "gaia_question"
WORKFLOW = "gaia"
REPORTER = "openhands"


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file as text, streamed."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def run_dates(folder: Path) -> dict[str, str]:
    """The time of each run by its folder name, ISO 8601 with an offset."""
    return {run["agent_dir"]: run["submission_time"] for run in rows(folder / "published_and_recomputed.csv")}


def common(row: dict[str, str]) -> Record:
    """What a usage event and an outcome of one question share."""
    return {
        "environment": "production",
        "application": NAME,
        "workflow": WORKFLOW,
        "agent_id": row["agent_dir"],
    }


def unit_id(row: dict[str, str]) -> str:
    """A question of a run; the same question is another unit in another run."""
    return f"{row['agent_dir']}/{row['unit_id']}"


def usage_events(folder: Path) -> Iterator[Record]:
    """One event per question: all its calls together, as the runs report it.

    An unknown cost stays unknown (no `cost_estimate`). A reported 0 is passed on as 0: what it is worth is
    the models' decision, not the converter's.
    """
    dates = run_dates(folder)
    for row in rows(folder / "instances.csv"):
        record: Record = {
            "request_id": unit_id(row),
            "timestamp_utc": dates[row["agent_dir"]],
            **common(row),
            "step": "agent",
            "provider": REPORTER,
            "billing_account_id": REPORTER,
            "endpoint": "agent_run",
            "model_or_deployment": row["model"],
            "status": "success",
            "business_unit": {"unit_type": UNIT_TYPE, "unit_id": unit_id(row)},
        }
        if row["cost_usd"]:
            record["cost_estimate"] = reported(row["cost_usd"], "agent_run_report")
        yield record


def unit_events(folder: Path) -> Iterator[Record]:
    """One outcome per question, at the run's one date."""
    dates = run_dates(folder)
    for row in rows(folder / "instances.csv"):
        yield {
            "unit_type": UNIT_TYPE,
            "unit_id": unit_id(row),
            "event_id": f"{unit_id(row)}/outcome",
            **common(row),
            "event_type": "outcome",
            "outcome": "resolved" if row["resolved"] == "true" else "unresolved",
            "occurred_at": dates[row["agent_dir"]],
        }


def control_lines(folder: Path) -> Iterator[Record]:
    """The published cost of each run: published cost per question x questions, for the month of the run."""
    for run in rows(folder / "published_and_recomputed.csv"):
        month = run["submission_time"][:7]
        following = f"{month[:5]}{int(month[5:]) + 1:02d}"
        yield {
            "line_id": f"published/{run['agent_dir']}",
            "provider": REPORTER,
            "billing_account_id": REPORTER,
            "period_start": f"{month}-01T00:00:00Z",
            "period_end": f"{following}-01T00:00:00Z",
            "model": run["model"],
            "meter": "reported",
            "amount": money(Decimal(run["published_cost_per_instance"]) * int(run["n_instance_file"])),
            "currency": "USD",
        }


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the feeds of `<source>/openhands_gaia` under target; returns records written per feed."""
    folder = source / NAME
    return {
        "ai_usage_events": write_jsonl(target, "ai_usage_events", NAME, usage_events(folder)),
        "unit_events": write_jsonl(target, "unit_events", NAME, unit_events(folder)),
        "provider_usage": write_jsonl(target, "provider_usage", NAME, control_lines(folder)),
    }
