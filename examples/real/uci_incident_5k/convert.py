"""uci_incident_5k: the event log of an IT help desk of 2016, with reopened incidents and no AI cost at all.

One row is one update of an incident. Only what an update itself says is used: `resolved_at` and `closed_at`
repeat the final value on every row of the log, so reading them would look into the future. Closing is a
clerk's act days after the resolution and no event of the unit. Times carry no zone; they are declared UTC.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from examples.real.feeds import Record, write_jsonl

NAME = "uci_incident_5k"
UNIT_TYPE = "incident"
WORKFLOW = "incident_resolution"


def rows(folder: Path) -> Iterator[dict[str, str]]:
    """One row of text per update, streamed."""
    path = folder / "incident_event_log_first5000.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def utc(text: str) -> str:
    """`29/2/2016 01:16` -> `2016-02-29T01:16:00Z`."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").strftime("%Y-%m-%dT%H:%M:%SZ")


def unit_events(folder: Path) -> Iterator[Record]:
    """Opened once; an outcome at each step into Resolved; reopened wherever the log's own counter rises."""
    for number, updates in groupby(rows(folder), key=lambda row: row["number"]):
        state, reopens, resolutions = "", 0, 0
        for row in updates:
            common: Record = {
                "unit_type": UNIT_TYPE,
                "unit_id": number,
                "environment": "production",
                "application": NAME,
                "workflow": WORKFLOW,
            }
            if not state:
                yield {
                    **common,
                    "event_id": f"{number}/opened",
                    "event_type": "opened",
                    "occurred_at": utc(row["opened_at"]),
                    "attributes": {"priority": row["priority"], "contact_type": row["contact_type"]},
                }
            if int(row["reopen_count"]) > reopens:
                reopens = int(row["reopen_count"])
                yield {
                    **common,
                    "event_id": f"{number}/reopened/{reopens}",
                    "event_type": "reopened",
                    "occurred_at": utc(row["sys_updated_at"]),
                }
            if row["incident_state"] == "Resolved" and state != "Resolved":
                resolutions += 1
                yield {
                    **common,
                    "event_id": f"{number}/resolved/{resolutions}",
                    "event_type": "outcome",
                    "outcome": "Resolved",
                    "occurred_at": utc(row["sys_updated_at"]),
                }
            state = row["incident_state"]


def convert(source: Path, target: Path) -> dict[str, int]:
    """Write the feeds of `<source>/uci_incident_5k` under target; returns records written per feed."""
    return {"unit_events": write_jsonl(target, "unit_events", NAME, unit_events(source / NAME))}
